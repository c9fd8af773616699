// SPDX-License-Identifier: BSD-3-Clause
#include "operators/clamp.h"

#include "operators/cut.h"
#include "operators/nc_binding.h"
#include "operators/select.h"
#include "u8clamp/u8clamp.h"

namespace qnnp {
namespace {

struct Clamp : Operator {
  Clamp(const ClampDesc& description, const ClampKernel* chosen)
      : Operator(OperatorType::clamp), desc(description), kernel(chosen) {
    name_kernel(name, "u8clamp", kernel->name);
  }

  void run(pthreadpool_t pool) const override;
  Operator* clone() const override { return new Clamp(desc, kernel); }
  void describe(qnnp_operator_info* info) const override {
    info->kernel = name;
    info->reason = kBestIsa;
    if (state == State::bound) binding.describe(desc.channels, info);
  }

  const ClampDesc desc;
  const ClampKernel* const kernel;
  char name[32];
  NcBinding binding;
};

void Clamp::run(pthreadpool_t pool) const {
  constexpr size_t kReadBytes = 1, kUnit = 64;
  const NcBinding& t = binding;
  const bool dense = t.input_stride == desc.channels && t.output_stride == desc.channels;
  const NcShape shape = nc_shape(t.batch_size, desc.channels, dense);
  const Cut cut = make_cut(shape.rows, shape.n, kReadBytes, kUnit, thread_count(pool));
  for_each_task(pool, cut, shape.rows, shape.n,
                [&](size_t row, size_t rows, size_t column, size_t n) {
                  kernel->run({rows, n, t.input + row * t.input_stride + column, t.input_stride,
                               t.output + row * t.output_stride + column, t.output_stride,
                               desc.output_min, desc.output_max});
                });
}

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
  bool done = false;
  QNNP_TRY(begin_setup(op, OperatorType::clamp, batch_size, &done));
  if (done) return qnnp_status_success;
  Clamp& clamp = static_cast<Clamp&>(*op);
  QNNP_TRY(clamp.binding.bind(batch_size, clamp.desc.channels, input, input_stride, output,
                              output_stride));
  clamp.state = Operator::State::bound;
  return qnnp_status_success;
}

}  // namespace qnnp
