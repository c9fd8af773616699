// SPDX-License-Identifier: BSD-3-Clause
// What the table operators refuse, and their life cycle.
#include <gtest/gtest.h>

#include <cfloat>
#include <cmath>
#include <limits>
#include <vector>

#include "harness/activation_case.h"

namespace qnnp {
namespace test {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

double not_a_number(double x, void*) { return x == 2 ? NAN : x; }

TEST(Activation, RefusesNan) {
  Activation d = simple(qnnp_activation_custom);
  d.custom = not_a_number;
  expect_create_refuses(qnnp_status_invalid_parameter, "input value 132, is NaN",
                        [&](qnnp_operator_t* out) { return qnnp_create_activation(&d, out); });
  d.input_type = qnnp_datatype_int8;
  d.input_zero_point = -100;
  expect_create_refuses(qnnp_status_invalid_parameter, "input value -68, is NaN",
                        [&](qnnp_operator_t* out) { return qnnp_create_activation(&d, out); });
}

using Change = void (*)(ShortForm& s);

void expect_both_refuse(const char* parameter, Change change) {
  ShortForm s;
  change(s);
  expect_create_refuses(qnnp_status_invalid_parameter, parameter,
                        [&](qnnp_operator_t* out) { return s.sigmoid(out); });
  expect_create_refuses(qnnp_status_invalid_parameter, parameter,
                        [&](qnnp_operator_t* out) { return s.leaky_relu(out); });
}

TEST(Activation, ShortFormsRefuseParameters) {
  expect_both_refuse("channels", [](ShortForm& s) { s.channels = 0; });
  expect_both_refuse("input_scale", [](ShortForm& s) { s.input_scale = 0; });
  expect_both_refuse("input_scale", [](ShortForm& s) { s.input_scale = -1; });
  expect_both_refuse("input_scale", [](ShortForm& s) { s.input_scale = kNan; });
  expect_both_refuse("input_scale", [](ShortForm& s) { s.input_scale = FLT_MIN / 2; });
  expect_both_refuse("output_scale", [](ShortForm& s) { s.output_scale = kInfinity; });
  expect_both_refuse("output_scale", [](ShortForm& s) { s.output_scale = 0; });
  expect_both_refuse("output_min", [](ShortForm& s) { s.output_min = s.output_max = 7; });
  expect_both_refuse("output_min", [](ShortForm& s) { s.output_min = 8, s.output_max = 7; });
  expect_both_refuse("flags", [](ShortForm& s) { s.flags = 1; });
  // Invalid before unsupported, in the order of the parameters.
  expect_both_refuse("channels", [](ShortForm& s) { s.channels = 0, s.input_scale = 0; });
  expect_both_refuse("input_scale", [](ShortForm& s) { s.input_scale = 0, s.flags = 1; });
}

TEST(Activation, LeakyReluRefusesSlopesAndRatios) {
  const auto expect = [](enum qnnp_status status, const char* parameter, Change change) {
    ShortForm s;
    change(s);
    expect_create_refuses(status, parameter,
                          [&](qnnp_operator_t* out) { return s.leaky_relu(out); });
  };
  constexpr enum qnnp_status kInvalid = qnnp_status_invalid_parameter;
  constexpr enum qnnp_status kUnsupported = qnnp_status_unsupported_parameter;
  expect(kInvalid, "negative_slope is 0", [](ShortForm& s) { s.slope = 0; });
  expect(kInvalid, "negative_slope is -0.5", [](ShortForm& s) { s.slope = -0.5f; });
  expect(kInvalid, "negative_slope is 1.00000012", [](ShortForm& s) { s.slope = 1.00000012f; });
  expect(kInvalid, "negative_slope", [](ShortForm& s) { s.slope = FLT_MIN / 2; });
  expect(kInvalid, "negative_slope is nan", [](ShortForm& s) { s.slope = kNan; });
  expect(kInvalid, "negative_slope is inf", [](ShortForm& s) { s.slope = kInfinity; });
  expect(kInvalid, "flags", [](ShortForm& s) { s.input_scale = 1000, s.flags = 1; });
  expect(kUnsupported, "input_scale / output_scale is 256",
         [](ShortForm& s) { s.input_scale = 256 * s.output_scale; });
  expect(kUnsupported, "input_scale / output_scale",
         [](ShortForm& s) { s.input_scale = s.output_scale * 0x1.fffffep-9f; });
}

TEST(Activation, EdgesAreAccepted) {
  const auto accept = [](enum qnnp_status (ShortForm::*create_it)(qnnp_operator_t*) const,
                         Change change) {
    ShortForm s;
    change(s);
    create_operator([&](qnnp_operator_t* out) { return (s.*create_it)(out); });
  };
  accept(&ShortForm::leaky_relu, [](ShortForm& s) { s.slope = 1; });
  accept(&ShortForm::leaky_relu, [](ShortForm& s) { s.slope = FLT_MIN; });
  accept(&ShortForm::leaky_relu, [](ShortForm& s) { s.input_scale = s.output_scale / 256; });
  accept(&ShortForm::sigmoid, [](ShortForm& s) { s.input_scale = FLT_MAX; });
  accept(&ShortForm::sigmoid, [](ShortForm& s) { s.output_scale = FLT_MIN; });
}

TEST(Activation, LongFormRefusesParameters) {
  const auto expect = [](const char* parameter, void (*change)(Activation & d)) {
    Activation d = simple(qnnp_activation_tanh);
    change(d);
    expect_create_refuses(qnnp_status_invalid_parameter, parameter,
                          [&](qnnp_operator_t* out) { return qnnp_create_activation(&d, out); });
  };
  expect("struct_size", [](Activation& d) { d.struct_size = 8; });
  expect("channels", [](Activation& d) { d.channels = 0; });
  expect("function is 12",
         [](Activation& d) { d.function = static_cast<enum qnnp_activation>(12); });
  expect("alpha is nan", [](Activation& d) { d.alpha = kNan; });
  expect("beta is inf", [](Activation& d) { d.beta = kInfinity; });
  expect("custom is NULL", [](Activation& d) { d.function = qnnp_activation_custom; });
  expect("input_type is 3", [](Activation& d) { d.input_type = qnnp_datatype_float32; });
  expect("output_type is 2", [](Activation& d) { d.output_type = qnnp_datatype_int32; });
  expect("input_scale", [](Activation& d) { d.input_scale = 0; });
  expect("output_scale", [](Activation& d) { d.output_scale = kNan; });
  expect("input_zero_point is 256", [](Activation& d) { d.input_zero_point = 256; });
  expect("input_zero_point is 128", [](Activation& d) {
    d.input_type = qnnp_datatype_int8;
    d.input_zero_point = 128;
  });
  expect("output_zero_point is -1", [](Activation& d) { d.output_zero_point = -1; });
  expect("output_min is -1", [](Activation& d) { d.output_min = -1; });
  expect("output_max is 256", [](Activation& d) { d.output_max = 256; });
  expect("output_min is 9", [](Activation& d) { d.output_min = 9, d.output_max = 8; });
  expect("flags", [](Activation& d) { d.flags = 2; });
  expect_create_refuses(qnnp_status_invalid_parameter, "desc is NULL",
                        [](qnnp_operator_t* out) { return qnnp_create_activation(nullptr, out); });
  expect_create_refuses(qnnp_status_invalid_parameter, "desc is NULL",
                        [](qnnp_operator_t* out) { return qnnp_create_requantize(nullptr, out); });
}

// ---- What every operator does alike ------------------------------------------------------------

template <class Setup>
OperatorKind kind_of(const char* type, const char* out_name,
                     std::function<enum qnnp_status(qnnp_operator_t*)> create_it, Setup setup) {
  static std::vector<uint8_t> data(15);
  return {type, "x8lut ", out_name, std::move(create_it),
          [setup](qnnp_operator_t op, size_t batch) {
            uint8_t* p = batch == 0 ? nullptr : data.data();
            const size_t stride = batch == 0 ? 0 : 5;
            return setup(op, batch, p, stride, p, stride);
          }};
}

std::vector<OperatorKind> kinds() {
  return {
      kind_of(
          "sigmoid_nc_q8", "sigmoid_out",
          [](qnnp_operator_t* out) { return ShortForm().sigmoid(out); }, qnnp_setup_sigmoid_nc_q8),
      kind_of(
          "leaky_relu_nc_q8", "leaky_relu_out",
          [](qnnp_operator_t* out) { return ShortForm().leaky_relu(out); },
          qnnp_setup_leaky_relu_nc_q8),
      kind_of(
          "activation_nc_q8", "out-handle",
          [](qnnp_operator_t* out) {
            const Activation d = simple(qnnp_activation_elu);
            return qnnp_create_activation(&d, out);
          },
          qnnp_setup_activation),
      kind_of(
          "requantize_nc_q8", "out-handle",
          [](qnnp_operator_t* out) {
            qnnp_requantize_desc d = conversion(qnnp_datatype_int8, qnnp_datatype_uint8);
            d.channels = 5;
            return qnnp_create_requantize(&d, out);
          },
          qnnp_setup_requantize)};
}

TEST(Activation, LifeCycle) {
  for (const OperatorKind& kind : kinds()) {
    SCOPED_TRACE(kind.type);
    expect_refusals_of_kind(kind);
    expect_empty_batch(kind);
    expect_description(kind, 5, 5);
    expect_survives_lack_of_memory(kind.create);
  }
}

TEST(Activation, RefusesSetup) {
  const OperatorHandle op = create(simple(qnnp_activation_tanh));
  uint8_t x[10] = {};
  const auto setup = [&](const void* in, size_t in_stride, void* out, size_t out_stride) {
    return qnnp_setup_activation(op.get(), 8, in, in_stride, out, out_stride);
  };
  const size_t huge = SIZE_MAX / 8;
  expect_refusal(qnnp_status_invalid_parameter, "input is NULL", setup(nullptr, 5, x, 5));
  expect_refusal(qnnp_status_invalid_parameter, "output is NULL", setup(x, 5, nullptr, 5));
  expect_refusal(qnnp_status_invalid_parameter, "input_stride", setup(x, 4, x, 5));
  expect_refusal(qnnp_status_invalid_parameter, "output_stride", setup(x, huge, x, 4));
  expect_refusal(qnnp_status_unsupported_parameter, "input:", setup(x, huge, x, 5));
  expect_refusal(qnnp_status_unsupported_parameter, "output:", setup(x, 5, x, huge));
}

}  // namespace
}  // namespace test
}  // namespace qnnp
