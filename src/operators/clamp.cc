// SPDX-License-Identifier: BSD-3-Clause
#include "operators/clamp.h"

#include "operators/elementwise.h"
#include "operators/select.h"
#include "u8clamp/u8clamp.h"

namespace qnnp {
namespace {

constexpr ElementwiseTensor kTensors[] = {{"input"}, {"output"}};

struct Clamp : Elementwise {
  Clamp(const ClampDesc& description, const ClampKernel* chosen)
      : Elementwise(OperatorType::clamp, description.channels, 2, kTensors),
        desc(description),
        kernel(chosen) {
    name_kernel(kernel_name, "u8clamp", kernel->name);
  }

  void compute(const ElementwiseBinding& t, size_t rows, size_t n, size_t) const override {
    kernel->run({rows, n, t.data[0], t.stride[0], t.data[1], t.stride[1], desc.output_min,
                 desc.output_max});
  }
  Operator* clone() const override { return new Clamp(desc, kernel); }

  const ClampDesc desc;
  const ClampKernel* const kernel;
};

}  // namespace

Status create_clamp(const ClampDesc& desc, Operator** out) {
  QNNP_TRY(check_nonzero(desc.channels, "channels"));
  QNNP_TRY(check_range(desc.output_min, desc.output_max, "output"));
  QNNP_TRY(check_flags(desc.flags));
  *out = new Clamp(desc, best_kernel(u8clamp_kernels()));
  return *out == nullptr ? fail_memory("clamp operator", sizeof(Clamp)) : qnnp_status_success;
}

Status setup_clamp(Operator* op, size_t batch_size, const uint8_t* input, size_t input_stride,
                   uint8_t* output, size_t output_stride) {
  return setup_unary(op, OperatorType::clamp, batch_size, input, input_stride, output,
                     output_stride);
}

}  // namespace qnnp
