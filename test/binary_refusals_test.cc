// SPDX-License-Identifier: BSD-3-Clause
// Operators of two tensors, long form and the short form of the sum: life cycle and refusals.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "harness/binary_parameters.h"

namespace qnnp {
namespace test {
namespace {

constexpr auto kInvalid = qnnp_status_invalid_parameter;
constexpr auto kUnsupported = qnnp_status_unsupported_parameter;

enum qnnp_status setup_both(qnnp_operator_t op, size_t batch, bool short_form) {
  static std::vector<uint8_t> data(15);
  uint8_t* p = batch == 0 ? nullptr : data.data();
  const size_t stride = batch == 0 ? 0 : 5;
  return short_form ? qnnp_setup_add_nc_q8(op, batch, p, stride, p, stride, p, stride)
                    : qnnp_setup_binary(op, batch, p, stride, p, stride, p, stride);
}

OperatorKind kind_of(enum qnnp_binary_operation operation, const char* type, const char* family) {
  return {type, family, "out-handle",
          [operation](qnnp_operator_t* out) {
            BinaryParameters p;
            p.operation = operation;
            return p.create(out);
          },
          [](qnnp_operator_t op, size_t batch) { return setup_both(op, batch, false); }};
}

TEST(BinaryLife, Cycle) {
  const OperatorKind add = kind_of(qnnp_binary_operation_add, "add_nc_q8", "q8vadd ");
  const OperatorKind kinds[] = {
      add, kind_of(qnnp_binary_operation_subtract, "subtract_nc_q8", "q8vadd "),
      kind_of(qnnp_binary_operation_multiply, "multiply_nc_q8", "q8vmul ")};
  expect_refusals_of_kind(add);
  for (const OperatorKind& kind : kinds) {
    expect_empty_batch(kind);
    expect_description(kind, 10, 5);
    expect_survives_lack_of_memory(kind.create);
  }
}

TEST(BinaryLife, CycleOfTheShortForm) {
  const OperatorKind kind = {
      "add_nc_q8", "q8vadd ", "add_out",
      [](qnnp_operator_t* out) { return BinaryParameters().create_short(out); },
      [](qnnp_operator_t op, size_t batch) { return setup_both(op, batch, true); }};
  expect_refusals_of_kind(kind);
  expect_empty_batch(kind);
  expect_description(kind, 10, 5);
  expect_survives_lack_of_memory(kind.create);
}

// A failed setup leaves the binding: the next run repeats the last one.
TEST(BinaryLife, FailedSetupChangesNothing) {
  const OperatorHandle op = BinaryParameters().create();
  std::vector<uint8_t> a(10, 50), b(10, 210), sum(10);
  const auto setup = [&](size_t sum_stride) {
    return qnnp_setup_binary(op.get(), 2, a.data(), 5, b.data(), 5, sum.data(), sum_stride);
  };
  EXPECT_EQ(kInvalid, setup(4));
  EXPECT_EQ(kInvalid, qnnp_run_operator(op.get(), nullptr));
  ASSERT_EQ(qnnp_status_success, setup(5));
  ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op.get(), nullptr));
  const std::vector<uint8_t> expected = sum;
  sum.assign(10, 0);
  EXPECT_EQ(kInvalid, setup(4));
  EXPECT_EQ(kUnsupported, setup(SIZE_MAX));
  ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op.get(), nullptr));
  EXPECT_EQ(expected, sum);
}

// Both forms refuse; the short one calls its output "sum".
template <class Change>
void expect_refused(enum qnnp_status status, const char* parameter, const char* in_short_form,
                    Change change) {
  BinaryParameters p;
  change(p);
  expect_create_refuses(status, parameter, [&](qnnp_operator_t* out) { return p.create(out); });
  expect_create_refuses(status, in_short_form,
                        [&](qnnp_operator_t* out) { return p.create_short(out); });
}

TEST(BinaryRefusals, Parameters) {
  using P = BinaryParameters;
  expect_refused(kInvalid, "channels", "channels", [](P& p) { p.channels = 0; });
  for (float scale :
       {0.0f, -1.0f, std::numeric_limits<float>::denorm_min(),
        std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()}) {
    expect_refused(kInvalid, "a_scale", "a_scale", [=](P& p) { p.a.scale = scale; });
    expect_refused(kInvalid, "b_scale", "b_scale", [=](P& p) { p.b.scale = scale; });
    expect_refused(kInvalid, "output_scale", "sum_scale", [=](P& p) { p.output.scale = scale; });
  }
  expect_refused(kInvalid, "output_min", "sum_min", [](P& p) { p.min = 2, p.max = 1; });
  expect_refused(kInvalid, "flags", "flags", [](P& p) { p.flags = 1; });
  for (float ratio : {256.0f, std::nextafter(0x1p-14f, 0.0f)}) {
    expect_refused(kUnsupported, "a_scale / output_scale", "a_scale / sum_scale",
                   [=](P& p) { p.output.scale = 1, p.a.scale = ratio; });
    expect_refused(kUnsupported, "b_scale / output_scale", "b_scale / sum_scale",
                   [=](P& p) { p.output.scale = 1, p.b.scale = ratio; });
  }
  // Invalid before unsupported.
  expect_refused(kInvalid, "flags", "flags", [](P& p) { p.a.scale = 1e9f, p.flags = 1; });
}

TEST(BinaryRefusals, LimitsOfTheShortFormDiffer) {
  BinaryParameters p;
  for (uint8_t limit : {0, 7, 255}) {
    p.min = p.max = limit;
    expect_create_refuses(kInvalid, "sum_min",
                          [&](qnnp_operator_t* out) { return p.create_short(out); });
  }
}

template <class Change>
void expect_desc_refused(enum qnnp_status status, const char* parameter, Change change) {
  qnnp_binary_desc d = BinaryParameters().desc();
  change(d);
  expect_create_refuses(status, parameter,
                        [&](qnnp_operator_t* out) { return qnnp_create_binary(&d, out); });
}

TEST(BinaryRefusals, Description) {
  using D = qnnp_binary_desc;
  expect_create_refuses(kInvalid, "desc",
                        [](qnnp_operator_t* out) { return qnnp_create_binary(nullptr, out); });
  expect_desc_refused(kInvalid, "struct_size", [](D& d) { d.struct_size--; });
  expect_desc_refused(kInvalid, "operation",
                      [](D& d) { d.operation = static_cast<enum qnnp_binary_operation>(3); });
  for (enum qnnp_datatype type : {qnnp_datatype_int32, qnnp_datatype_float32}) {
    expect_desc_refused(kInvalid, "a_type", [=](D& d) { d.a_type = type; });
    expect_desc_refused(kInvalid, "b_type", [=](D& d) { d.b_type = type; });
    expect_desc_refused(kInvalid, "output_type", [=](D& d) { d.output_type = type; });
  }
  for (int32_t value : {-1, 256}) {
    expect_desc_refused(kInvalid, "a_zero_point", [=](D& d) { d.a_zero_point = value; });
    expect_desc_refused(kInvalid, "b_zero_point", [=](D& d) { d.b_zero_point = value; });
    expect_desc_refused(kInvalid, "output_zero_point", [=](D& d) { d.output_zero_point = value; });
  }
  expect_desc_refused(kInvalid, "a_zero_point",
                      [](D& d) { d.a_type = qnnp_datatype_int8, d.a_zero_point = 128; });
  expect_desc_refused(kInvalid, "output_min", [](D& d) { d.output_min = -1; });
  expect_desc_refused(kInvalid, "output_max", [](D& d) { d.output_max = 256; });
  expect_desc_refused(kInvalid, "output_max", [](D& d) {
    d.output_type = qnnp_datatype_int8, d.output_zero_point = 0, d.output_max = 128;
  });
  for (float scale : {1e-30f, 1e30f}) {
    expect_desc_refused(kUnsupported, "a_scale * b_scale / output_scale", [=](D& d) {
      d.operation = qnnp_binary_operation_multiply, d.a_scale = d.b_scale = scale;
    });
  }
}

TEST(BinaryRefusals, Setup) {
  const OperatorHandle op = BinaryParameters().create();
  uint8_t x[10] = {};
  const auto setup = [&](const uint8_t* a, size_t as, const uint8_t* b, size_t bs, uint8_t* out,
                         size_t os) {
    return qnnp_setup_binary(op.get(), 8, a, as, b, bs, out, os);
  };
  expect_refusal(kInvalid, "a is NULL", setup(nullptr, 5, x, 5, x, 5));
  expect_refusal(kInvalid, "b is NULL", setup(x, 5, nullptr, 5, x, 5));
  expect_refusal(kInvalid, "a is NULL", setup(nullptr, 0, x, 5, x, 5));
  expect_refusal(kInvalid, "output is NULL", setup(x, 5, x, 5, nullptr, 5));
  expect_refusal(kInvalid, "a_stride", setup(x, 4, x, 5, x, 5));
  expect_refusal(kInvalid, "b_stride", setup(x, 5, x, 4, x, 5));
  expect_refusal(kInvalid, "output_stride", setup(x, 5, x, 5, x, 4));
  expect_refusal(kInvalid, "output_stride", setup(x, 5, x, 5, x, 0));
  const size_t huge = SIZE_MAX / 8;
  expect_refusal(kUnsupported, "a:", setup(x, huge, x, 5, x, 5));
  expect_refusal(kUnsupported, "b:", setup(x, 5, x, huge, x, 5));
  expect_refusal(kUnsupported, "output:", setup(x, 5, x, 5, x, huge));
  expect_refusal(kInvalid, "output_stride", setup(x, huge, x, 5, x, 4));
  expect_refusal(kInvalid, "set up", qnnp_run_operator(op.get(), nullptr));
}

TEST(BinaryRefusals, SetupOfTheShortForm) {
  const OperatorHandle op =
      create_operator([](qnnp_operator_t* out) { return BinaryParameters().create_short(out); });
  uint8_t x[10] = {};
  const auto setup = [&](size_t a_stride, size_t b_stride, uint8_t* sum, size_t sum_stride) {
    return qnnp_setup_add_nc_q8(op.get(), 8, x, a_stride, x, b_stride, sum, sum_stride);
  };
  expect_refusal(kInvalid, "sum is NULL", setup(5, 5, nullptr, 5));
  expect_refusal(kInvalid, "a_stride", setup(0, 5, x, 5));
  expect_refusal(kInvalid, "b_stride", setup(5, 0, x, 5));
  expect_refusal(kInvalid, "sum_stride", setup(5, 5, x, 4));
  expect_refusal(kUnsupported, "sum:", setup(5, 5, x, SIZE_MAX / 8));
}

}  // namespace
}  // namespace test
}  // namespace qnnp
