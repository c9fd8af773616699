// SPDX-License-Identifier: BSD-3-Clause
#include "operators/activation.h"

#include <cfloat>

#include "operators/activation_function.h"
#include "operators/elementwise.h"
#include "operators/select.h"
#include "operators/typed.h"
#include "x8lut/x8lut.h"

namespace qnnp {
namespace {

constexpr ElementwiseTensor kTensors[] = {{"input"}, {"output"}};

// One side of a table: uint8, and what is XORed to the tensor's bytes.
struct TableSide {
  double scale;
  uint8_t zero_point, min, max, flip;
};

struct TablePlan : Shareable {
  TablePlan(OperatorType operator_type, size_t channel_count)
      : type(operator_type), channels(channel_count), kernel(best_kernel(x8lut_kernels())) {}

  // Invalid: a custom function's result that is not a number.
  Status fill(const ActivationFunction& function, const TableSide& input, const TableSide& output);

  const OperatorType type;
  const size_t channels;
  const LutKernel* const kernel;
  uint8_t table[256];
};

struct Table : Elementwise {
  explicit Table(const Shared<TablePlan>& shared)
      : Elementwise(shared->type, shared->channels, 2, kTensors), plan(shared) {
    name_kernel(kernel_name, "x8lut", plan->kernel->name);
  }

  void compute(const ElementwiseBinding& t, size_t rows, size_t n, size_t) const override {
    plan->kernel->run({rows, n, t.data[0], t.stride[0], t.data[1], t.stride[1], plan->table});
  }
  Operator* clone() const override { return new Table(plan); }
  void describe(qnnp_operator_info* info) const override {
    Elementwise::describe(info);
    info->weight_bytes = sizeof(plan->table);
  }

  const Shared<TablePlan> plan;
};

Status TablePlan::fill(const ActivationFunction& function, const TableSide& input,
                       const TableSide& output) {
  constexpr double kRound = 0x1.8p52;  // in this binade doubles are integers
  const double low = output.min - output.zero_point, high = output.max - output.zero_point;
  for (int q = 0; q < 256; q++) {
    const double x = input.scale * (q - input.zero_point);
    const double y = function(x);
    if (y != y) {
      return fail(qnnp_status_invalid_parameter,
                  "custom(%.17g), of the input value %d, is NaN: it must be a number", x,
                  q - input.flip);
    }
    const double limited = min(max(y / output.scale, low), high);
    const int rounded = static_cast<int>((limited + kRound) - kRound) + output.zero_point;
    table[q ^ input.flip] = static_cast<uint8_t>(rounded ^ output.flip);
  }
  return qnnp_status_success;
}

Status create_table(OperatorType type, size_t channels, const ActivationFunction& function,
                    const TableSide& input, const TableSide& output, Operator** out) {
  TablePlan* const plan = new TablePlan(type, channels);
  if (plan == nullptr) return fail_memory("table", sizeof(TablePlan));
  const Shared<TablePlan> shared(plan);
  QNNP_TRY(plan->fill(function, input, output));
  *out = new Table(shared);
  return *out == nullptr ? fail_memory(type_name(type), sizeof(Table)) : qnnp_status_success;
}

Status check_short_form(const TableDesc& desc) {
  QNNP_TRY(check_scale(desc.input_scale, "input_scale"));
  QNNP_TRY(check_scale(desc.output_scale, "output_scale"));
  if (desc.output_min >= desc.output_max) {
    return fail(qnnp_status_invalid_parameter,
                "output_min is %u: it must be below output_max, which is %u", desc.output_min,
                desc.output_max);
  }
  return check_flags(desc.flags);
}

Status create_short_form(OperatorType type, const TableDesc& desc,
                         const ActivationFunction& function, Operator** out) {
  return create_table(type, desc.channels, function,
                      {static_cast<double>(desc.input_scale), desc.input_zero_point, 0, 255, 0},
                      {static_cast<double>(desc.output_scale), desc.output_zero_point,
                       desc.output_min, desc.output_max, 0},
                      out);
}

// Types, scales, zero points and limits have the same names in the descriptions.
template <class Desc>
Status create_long_form(OperatorType type, const Desc& desc, const ActivationFunction& function,
                        Operator** out) {
  QNNP_TRY(check_byte_type(desc.input_type, "input_type"));
  QNNP_TRY(check_byte_type(desc.output_type, "output_type"));
  QNNP_TRY(check_scale(desc.input_scale, "input_scale"));
  QNNP_TRY(check_scale(desc.output_scale, "output_scale"));
  TableSide input = {static_cast<double>(desc.input_scale), 0, 0, 255, flip_of(desc.input_type)};
  TableSide output = {static_cast<double>(desc.output_scale), 0, 0, 255, flip_of(desc.output_type)};
  QNNP_TRY(unsigned_zero_point(desc.input_zero_point, desc.input_type, "input_zero_point",
                               &input.zero_point));
  QNNP_TRY(unsigned_zero_point(desc.output_zero_point, desc.output_type, "output_zero_point",
                               &output.zero_point));
  QNNP_TRY(unsigned_range(desc.output_min, desc.output_max, desc.output_type, "output", &output.min,
                          &output.max));
  QNNP_TRY(check_flags(desc.flags));
  return create_table(type, desc.channels, function, input, output, out);
}

}  // namespace

Status create_sigmoid(const TableDesc& desc, Operator** out) {
  QNNP_TRY(check_nonzero(desc.channels, "channels"));
  QNNP_TRY(check_short_form(desc));
  ActivationFunction function;
  function.function = qnnp_activation_sigmoid;
  return create_short_form(OperatorType::sigmoid, desc, function, out);
}

Status create_leaky_relu(const TableDesc& desc, float negative_slope, Operator** out) {
  QNNP_TRY(check_nonzero(desc.channels, "channels"));
  if (!(negative_slope >= FLT_MIN && negative_slope <= 1)) {
    return fail(qnnp_status_invalid_parameter,
                "negative_slope is %.9g: it must be a normal float in (0, 1]",
                static_cast<double>(negative_slope));
  }
  QNNP_TRY(check_short_form(desc));
  QNNP_TRY(check_ratio(desc.input_scale, desc.output_scale, 0x1p-8, 0x1p+8,
                       "input_scale / output_scale"));
  ActivationFunction function;
  function.function = qnnp_activation_leaky_relu;
  function.alpha = static_cast<double>(negative_slope);
  return create_short_form(OperatorType::leaky_relu, desc, function, out);
}

Status create_activation(const qnnp_activation_desc& desc, Operator** out) {
  QNNP_TRY(check_nonzero(desc.channels, "channels"));
  ActivationFunction function;
  QNNP_TRY(activation_function(desc, &function));
  return create_long_form(OperatorType::activation, desc, function, out);
}

Status create_requantize(const qnnp_requantize_desc& desc, Operator** out) {
  QNNP_TRY(check_nonzero(desc.channels, "channels"));
  return create_long_form(OperatorType::requantize, desc, ActivationFunction(), out);
}

}  // namespace qnnp
