// SPDX-License-Identifier: BSD-3-Clause
#include "operators/prelu.h"

#include <cfloat>

#include "operators/elementwise.h"
#include "operators/select.h"
#include "operators/typed.h"
#include "q8prelu/q8prelu.h"

namespace qnnp {
namespace {

constexpr ElementwiseTensor kTensors[] = {{"input"}, {"output"}};
// Multipliers of few channels are repeated, so that several dense pixels are one row of about this
// length.
constexpr size_t kLongRow = 512;

struct PreluPlan : Shareable {
  PreluPlan(size_t channel_count, const PreluParams& parameters)
      : channels(channel_count),
        repeats(max<size_t>(1, kLongRow / channel_count)),
        params(parameters),
        kernel(best_kernel(q8prelu_kernels())) {}

  const size_t channels, repeats;
  const PreluParams params;
  const PreluKernel* const kernel;
  Buffer multipliers;  // floats: of each channel's negative values, `repeats` times
};

struct Prelu : Elementwise {
  explicit Prelu(const Shared<PreluPlan>& shared)
      : Elementwise(OperatorType::prelu, shared->channels, 2, kTensors, true), plan(shared) {
    name_kernel(kernel_name, "q8prelu", plan->kernel->name);
  }

  void compute(const ElementwiseBinding& t, size_t rows, size_t n, size_t column) const override;
  Operator* clone() const override { return new Prelu(plan); }
  void describe(qnnp_operator_info* info) const override {
    Elementwise::describe(info);
    info->weight_bytes = plan->multipliers.size();
  }

  const Shared<PreluPlan> plan;
};

void Prelu::compute(const ElementwiseBinding& t, size_t rows, size_t n, size_t column) const {
  const float* negative = reinterpret_cast<const float*>(plan->multipliers.data());
  const PreluParams* const params = &plan->params;
  if (t.stride[0] != n || t.stride[1] != n) {
    plan->kernel->run(
        {rows, n, t.data[0], t.stride[0], t.data[1], t.stride[1], negative + column, params});
    return;
  }
  const size_t row = n * plan->repeats, done = rows / plan->repeats * row;
  plan->kernel->run({rows / plan->repeats, row, t.data[0], row, t.data[1], row, negative, params});
  plan->kernel->run(
      {1, rows * n - done, t.data[0] + done, row, t.data[1] + done, row, negative, params});
}

// Slopes of the caller: floats, or bytes with a scale and a zero point.
struct Slopes {
  const void* data;
  enum qnnp_datatype type;
  double scale;
  uint8_t zero_point;

  float float_at(size_t channel) const { return static_cast<const float*>(data)[channel]; }
  // Exact: 24 bits times 9.
  double at(size_t channel) const {
    if (type == qnnp_datatype_float32) return static_cast<double>(float_at(channel));
    const int byte = static_cast<const uint8_t*>(data)[channel] ^ flip_of(type);
    return scale * (byte - zero_point);
  }
};

Status check_slopes(const qnnp_prelu_desc& desc, Slopes* slopes) {
  *slopes = {desc.slope, desc.slope_type, 1, 0};
  if (desc.slope_type == qnnp_datatype_float32) {
    QNNP_TRY(check_pointer(desc.slope, "slope"));
    // More slopes than any memory holds are not read: create_plan refuses their number.
    const bool addressable = (CheckedSize(desc.channels) * sizeof(float)).valid();
    for (size_t c = 0; addressable && c < desc.channels; c++) {
      const float slope = slopes->float_at(c);
      if (slope >= -FLT_MAX && slope <= FLT_MAX) continue;
      return fail(qnnp_status_invalid_parameter, "slope[%zu] is %.9g: it must be finite", c,
                  static_cast<double>(slope));
    }
    return qnnp_status_success;
  }
  if (desc.slope_type != qnnp_datatype_uint8 && desc.slope_type != qnnp_datatype_int8) {
    return fail(qnnp_status_invalid_parameter,
                "slope_type is %d: it must be uint8 (%d), int8 (%d) or float32 (%d)",
                static_cast<int>(desc.slope_type), qnnp_datatype_uint8, qnnp_datatype_int8,
                qnnp_datatype_float32);
  }
  QNNP_TRY(check_scale(desc.slope_scale, "slope_scale"));
  slopes->scale = static_cast<double>(desc.slope_scale);
  QNNP_TRY(unsigned_zero_point(desc.slope_zero_point, desc.slope_type, "slope_zero_point",
                               &slopes->zero_point));
  return check_pointer(desc.slope, "slope");
}

Status create_plan(const qnnp_prelu_desc& desc, const Slopes& slopes, const PreluParams& params,
                   Operator** out) {
  PreluPlan* const plan = new PreluPlan(desc.channels, params);
  if (plan == nullptr) return fail_memory("prelu operator", sizeof(PreluPlan));
  const Shared<PreluPlan> shared(plan);
  const CheckedSize count = CheckedSize(desc.channels) * plan->repeats;
  const CheckedSize bytes = (count + CheckedSize(kPreluPadding)) * sizeof(float);
  if (!bytes.valid()) {
    return fail(qnnp_status_unsupported_parameter,
                "channels is %zu: their multipliers are more bytes than can be addressed",
                desc.channels);
  }
  QNNP_TRY(plan->multipliers.resize(bytes.value(), "multipliers of prelu"));
  memset(plan->multipliers.data(), 0, bytes.value());
  float* const negative = reinterpret_cast<float*>(plan->multipliers.data());
  const double input_scale = static_cast<double>(desc.input_scale);
  const double output_scale = static_cast<double>(desc.output_scale);
  for (size_t c = 0; c < desc.channels; c++) {
    negative[c] = static_cast<float>(input_scale * slopes.at(c) / output_scale);
  }
  for (size_t i = desc.channels; i < count.value(); i++) negative[i] = negative[i - desc.channels];
  *out = new Prelu(shared);
  return *out == nullptr ? fail_memory("prelu operator", sizeof(Prelu)) : qnnp_status_success;
}

}  // namespace

Status create_prelu(const qnnp_prelu_desc& desc, Operator** out) {
  Slopes slopes;
  PreluParams params = {};
  uint8_t zero_point, low, high;
  QNNP_TRY(check_nonzero(desc.channels, "channels"));
  QNNP_TRY(check_byte_type(desc.input_type, "input_type"));
  QNNP_TRY(check_byte_type(desc.output_type, "output_type"));
  QNNP_TRY(check_scale(desc.input_scale, "input_scale"));
  QNNP_TRY(check_scale(desc.output_scale, "output_scale"));
  QNNP_TRY(unsigned_zero_point(desc.input_zero_point, desc.input_type, "input_zero_point",
                               &params.input_zero_point));
  QNNP_TRY(unsigned_zero_point(desc.output_zero_point, desc.output_type, "output_zero_point",
                               &zero_point));
  QNNP_TRY(
      unsigned_range(desc.output_min, desc.output_max, desc.output_type, "output", &low, &high));
  QNNP_TRY(check_flags(desc.flags));
  QNNP_TRY(check_slopes(desc, &slopes));
  params.positive = static_cast<float>(static_cast<double>(desc.input_scale) /
                                       static_cast<double>(desc.output_scale));
  QNNP_TRY(check_multiplier(params.positive, "input_scale / output_scale"));
  params.output = output_params(zero_point, low, high, flip_of(desc.output_type));
  params.input_flip = flip_of(desc.input_type);
  return create_plan(desc, slopes, params, out);
}

}  // namespace qnnp
