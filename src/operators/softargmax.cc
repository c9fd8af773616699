// SPDX-License-Identifier: BSD-3-Clause
#include "operators/softargmax.h"

#include "base/exp.h"
#include "operators/cut.h"
#include "operators/nc_binding.h"
#include "operators/select.h"
#include "operators/typed.h"
#include "u8lut32norm/u8lut32norm.h"
#include "u8rmax/u8rmax.h"

namespace qnnp {
namespace {

struct SoftargmaxPlan : Shareable {
  explicit SoftargmaxPlan(const qnnp_softargmax_desc& desc)
      : channels(desc.channels),
        input_flip(flip_of(desc.input_type)),
        output_flip(flip_of(desc.output_type)),
        largest(best_kernel(u8rmax_kernels())),
        normalize(best_kernel(u8lut32norm_kernels())) {
    softargmax_table(desc.input_scale, table);
    name_kernel(name, "u8lut32norm", normalize->name);
  }

  const size_t channels;
  const uint8_t input_flip, output_flip;
  const MaxKernel* const largest;
  const LutNormKernel* const normalize;
  char name[32];
  uint32_t table[256];
};

struct Softargmax : Operator {
  explicit Softargmax(const Shared<SoftargmaxPlan>& shared)
      : Operator(OperatorType::softargmax), plan(shared) {}

  void run(pthreadpool_t pool) const override;
  Operator* clone() const override { return new Softargmax(plan); }
  void describe(qnnp_operator_info* info) const override {
    info->kernel = plan->name;
    info->reason = kBestIsa;
    info->weight_bytes = sizeof(plan->table);
    if (state == State::bound) binding.describe(plan->channels, info);
  }

  const Shared<SoftargmaxPlan> plan;
  NcBinding binding;
};

void Softargmax::run(pthreadpool_t pool) const {
  constexpr size_t kCost = 16;  // a channel takes as long as reading so many bytes elsewhere
  const NcBinding& t = binding;
  const SoftargmaxPlan& p = *plan;
  const size_t channels = p.channels;
  const Cut cut = make_cut(t.batch_size, channels, kCost, channels, thread_count(pool));
  for_each_task(pool, cut, t.batch_size, channels, [&](size_t first, size_t rows, size_t, size_t) {
    for (size_t row = first; row != first + rows; row++) {
      const uint8_t* x = t.input + row * t.input_stride;
      uint8_t* y = t.output + row * t.output_stride;
      const uint8_t largest = p.largest->run(x, channels, p.input_flip);
      p.normalize->run({channels, x, p.input_flip, largest, p.table, y, p.output_flip});
    }
  });
}

}  // namespace

void softargmax_table(float input_scale, uint32_t* table) {
  table[0] = UINT32_MAX;
  for (int d = 1; d < 256; d++) {
    // The product is exact: 8 bits times 24.
    const double power = exp_of_negative(d * static_cast<double>(input_scale));
    // The kernels rely on a table that does not increase, rounding errors or not.
    table[d] = min(table[d - 1], static_cast<uint32_t>(UINT32_MAX * power + 0.5));
  }
}

Status create_softargmax(const qnnp_softargmax_desc& desc, float output_scale,
                         uint8_t output_zero_point, Operator** out) {
  QNNP_TRY(check_nonzero(desc.channels, "channels"));
  QNNP_TRY(check_byte_type(desc.input_type, "input_type"));
  QNNP_TRY(check_byte_type(desc.output_type, "output_type"));
  QNNP_TRY(check_scale(desc.input_scale, "input_scale"));
  QNNP_TRY(check_scale(output_scale, "output_scale"));
  QNNP_TRY(check_flags(desc.flags));
  if (output_scale != 0x1p-8f) {
    return fail(qnnp_status_unsupported_parameter, "output_scale is %.9g: it must be 1/256",
                static_cast<double>(output_scale));
  }
  if (output_zero_point != 0) {
    return fail(qnnp_status_unsupported_parameter, "output_zero_point is %u: it must be 0",
                output_zero_point);
  }
  if (uint64_t{desc.channels} >> 32 != 0) {
    return fail(qnnp_status_unsupported_parameter,
                "channels is %zu: it must be below 2^32 for the sum to stay in 64 bits",
                desc.channels);
  }
  const Shared<SoftargmaxPlan> plan(new SoftargmaxPlan(desc));
  if (!plan) return fail_memory("softargmax operator", sizeof(SoftargmaxPlan));
  *out = new Softargmax(plan);
  return *out == nullptr ? fail_memory("softargmax operator", sizeof(Softargmax))
                         : qnnp_status_success;
}

Status setup_softargmax(Operator* op, size_t batch_size, const void* input, size_t input_stride,
                        void* output, size_t output_stride) {
  bool done = false;
  QNNP_TRY(begin_setup(op, OperatorType::softargmax, batch_size, &done));
  if (done) return qnnp_status_success;
  Softargmax& softargmax = static_cast<Softargmax&>(*op);
  QNNP_TRY(softargmax.binding.bind(batch_size, softargmax.plan->channels,
                                   static_cast<const uint8_t*>(input), input_stride,
                                   static_cast<uint8_t*>(output), output_stride));
  softargmax.state = Operator::State::bound;
  return qnnp_status_success;
}

}  // namespace qnnp
