// SPDX-License-Identifier: BSD-3-Clause
#include "operators/clamp.h"

#include "operators/elementwise.h"
#include "operators/select.h"
#include "operators/typed.h"
#include "u8clamp/u8clamp.h"

namespace qnnp {
namespace {

constexpr ElementwiseTensor kTensors[] = {{"input"}, {"output"}};

// Limits of the unsigned bytes; what makes bytes unsigned.
struct Range {
  uint8_t low, high, input_flip, output_flip;
};

struct Clamp : Elementwise {
  Clamp(size_t channel_count, const Range& limits, const ClampKernel* chosen)
      : Elementwise(OperatorType::clamp, channel_count, 2, kTensors),
        range(limits),
        kernel(chosen) {
    name_kernel(kernel_name, "u8clamp", kernel->name);
  }

  void compute(const ElementwiseBinding& t, size_t rows, size_t n, size_t) const override {
    kernel->run({rows, n, t.data[0], t.stride[0], t.data[1], t.stride[1], range.low, range.high,
                 range.input_flip, range.output_flip});
  }
  Operator* clone() const override { return new Clamp(channels, range, kernel); }

  const Range range;
  const ClampKernel* const kernel;
};

Status make(size_t channels, const Range& range, Operator** out) {
  *out = new Clamp(channels, range, best_kernel(u8clamp_kernels()));
  return *out == nullptr ? fail_memory("clamp operator", sizeof(Clamp)) : qnnp_status_success;
}

}  // namespace

Status create_clamp(const qnnp_clamp_desc& desc, Operator** out) {
  Range range = {0, 255, flip_of(desc.input_type), flip_of(desc.output_type)};
  QNNP_TRY(check_nonzero(desc.channels, "channels"));
  QNNP_TRY(check_byte_type(desc.input_type, "input_type"));
  QNNP_TRY(check_byte_type(desc.output_type, "output_type"));
  QNNP_TRY(unsigned_range(desc.output_min, desc.output_max, desc.output_type, "output", &range.low,
                          &range.high));
  QNNP_TRY(check_flags(desc.flags));
  return make(desc.channels, range, out);
}

Status create_clamp_u8(size_t channels, uint8_t output_min, uint8_t output_max, uint32_t flags,
                       Operator** out) {
  QNNP_TRY(check_nonzero(channels, "channels"));
  QNNP_TRY(check_range(output_min, output_max, "output"));
  QNNP_TRY(check_flags(flags));
  return make(channels, {output_min, output_max, 0, 0}, out);
}

Status setup_clamp(Operator* op, size_t batch_size, const void* input, size_t input_stride,
                   void* output, size_t output_stride) {
  return setup_unary(op, OperatorType::clamp, batch_size, input, input_stride, output,
                     output_stride);
}

}  // namespace qnnp
