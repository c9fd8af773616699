// SPDX-License-Identifier: BSD-3-Clause
// Quantize and dequantize between float32, float16, uint8 and int8, against the definition: every
// instruction set and pool, strides; there and back; and what they refuse.
#include <gtest/gtest.h>
#include <qnnpack.h>

#include "harness/float_data.h"
#include "harness/guarded_buffer.h"
#include "harness/isa.h"
#include "harness/operator_checks.h"
#include "harness/threads.h"

namespace qnnp {
namespace test {
namespace {

constexpr enum qnnp_datatype kFloats[] = {qnnp_datatype_float32, qnnp_datatype_float16};
constexpr enum qnnp_datatype kBytes[] = {qnnp_datatype_uint8, qnnp_datatype_int8};

int offset_of(enum qnnp_datatype type) { return type == qnnp_datatype_int8 ? 128 : 0; }

OperatorHandle create(const qnnp_quantize_desc& d) {
  return create_operator([&](qnnp_operator_t* out) { return qnnp_create_quantize(&d, out); });
}
OperatorHandle create(const qnnp_dequantize_desc& d) {
  return create_operator([&](qnnp_operator_t* out) { return qnnp_create_dequantize(&d, out); });
}

// Rows of floats and rows of bytes that belong together. F is float or, for binary16, uint16_t.
struct Shape {
  size_t batch, channels, float_stride, byte_stride;
  Flush flush;

  Shape(size_t batch_size, size_t n, bool dense, Random& random)
      : batch(batch_size),
        channels(n),
        float_stride(n + (dense ? 0 : random.size(0, 20))),
        byte_stride(n + (dense ? 0 : random.size(0, 70))),
        flush(random.coin() ? Flush::left : Flush::right) {}
};

// Bits of float32, or of float16, as the operator's tensor has them.
template <class F>
F element_from(float x) {
  if constexpr (sizeof(F) == 2) {
    return half_from(static_cast<double>(x));
  } else {
    return x;
  }
}
template <class F>
float value_of(F element) {
  if constexpr (sizeof(F) == 2) {
    return static_cast<float>(half_value(element));
  } else {
    return element;
  }
}

template <class F>
struct QuantizeCase {
  qnnp_quantize_desc desc = QNNP_QUANTIZE_DESC_INIT;
  Shape shape;
  std::vector<F> input;
  std::vector<uint8_t> expected;

  QuantizeCase(const Shape& s, Random& random) : shape(s), input(s.batch * s.channels) {
    desc.channels = s.channels;
    desc.input_type = sizeof(F) == 2 ? qnnp_datatype_float16 : qnnp_datatype_float32;
    desc.output_type = kBytes[random.size(0, 1)];
    desc.output_scale = draw_scale(random);
    const Output output = draw_output(random);
    const int offset = offset_of(desc.output_type);
    desc.output_zero_point = output.zero_point - offset;
    desc.output_min = output.min - offset;
    desc.output_max = output.max - offset;
    const bool whole = desc.output_min == 0 && desc.output_max == 0;
    const Output used = {output.zero_point, whole ? uint8_t{0} : output.min,
                         whole ? uint8_t{255} : output.max};
    for (F& x : input) {
      x = element_from<F>(draw_float(random, desc.output_scale));
      const uint8_t q = quantize_definition(value_of(x), desc.output_scale, used);
      expected.push_back(static_cast<uint8_t>(q - offset));
    }
  }
  void check(qnnp_operator_t op, pthreadpool_t pool) const {
    GuardedRowsOf<F> x(shape.batch, shape.channels, shape.float_stride, shape.flush);
    GuardedRows y(shape.batch, shape.channels, shape.byte_stride, shape.flush);
    x.assign(input);
    ASSERT_EQ(qnnp_status_success,
              qnnp_setup_quantize(op, shape.batch, x.data(), x.stride(), y.data(), y.stride()))
        << qnnp_get_last_error();
    ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op, pool));
    EXPECT_TRUE(expected == y.dense()) << shape.batch << " rows of " << shape.channels;
    EXPECT_TRUE(x.intact() && y.intact());
  }
};

template <class F>
struct DequantizeCase {
  qnnp_dequantize_desc desc = QNNP_DEQUANTIZE_DESC_INIT;
  Shape shape;
  std::vector<uint8_t> input;
  std::vector<F> expected;

  DequantizeCase(const Shape& s, Random& random) : shape(s), input(s.batch * s.channels) {
    desc.channels = s.channels;
    desc.input_type = kBytes[random.size(0, 1)];
    desc.output_type = sizeof(F) == 2 ? qnnp_datatype_float16 : qnnp_datatype_float32;
    desc.input_scale = draw_scale(random);
    const uint8_t zero_point = draw_zero_point(random);
    const int offset = offset_of(desc.input_type);
    desc.input_zero_point = zero_point - offset;
    draw_bytes(random, input);
    for (uint8_t q : input) {
      const float y =
          dequantize_definition(static_cast<uint8_t>(q + offset), desc.input_scale, zero_point);
      expected.push_back(element_from<F>(y));
    }
  }
  void check(qnnp_operator_t op, pthreadpool_t pool) const {
    GuardedRows x(shape.batch, shape.channels, shape.byte_stride, shape.flush);
    GuardedRowsOf<F> y(shape.batch, shape.channels, shape.float_stride, shape.flush);
    x.assign(input);
    ASSERT_EQ(qnnp_status_success,
              qnnp_setup_dequantize(op, shape.batch, x.data(), x.stride(), y.data(), y.stride()))
        << qnnp_get_last_error();
    ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op, pool));
    const std::vector<F> actual = y.dense();
    EXPECT_EQ(0, memcmp(expected.data(), actual.data(), sizeof(F) * actual.size()))
        << shape.batch << " rows of " << shape.channels;
    EXPECT_TRUE(x.intact() && y.intact());
  }
};

template <class Case>
void check_shape(const Shape& shape, Random& random) {
  const Case c(shape, random);
  for_each_isa([&] {
    const OperatorHandle op = create(c.desc);
    for_each_pool([&](pthreadpool_t pool) { c.check(op.get(), pool); });
  });
}

template <class Case>
class Boundary : public ::testing::Test {};
using Cases = ::testing::Types<QuantizeCase<float>, QuantizeCase<uint16_t>, DequantizeCase<float>,
                               DequantizeCase<uint16_t>>;
TYPED_TEST_SUITE(Boundary, Cases);

TYPED_TEST(Boundary, Shapes) {
  QNNP_TRACE_SEED();
  Random random(1);
  for (size_t repeat = 0; repeat < effort(25); repeat++) {
    const size_t batch = random.size(1, 9), channels = random.size(1, 300);
    check_shape<TypeParam>(Shape(batch, channels, random.coin(), random), random);
  }
}

TYPED_TEST(Boundary, ManyTasks) {
  QNNP_TRACE_SEED();
  Random random(2);
  check_shape<TypeParam>(Shape(effort(400), 67, true, random), random);
  check_shape<TypeParam>(Shape(effort(400), 67, false, random), random);
  check_shape<TypeParam>(Shape(2, effort(20001), false, random), random);
}

TYPED_TEST(Boundary, SetupAgainAndClones) {
  QNNP_TRACE_SEED();
  Random random(3);
  const TypeParam c(Shape(3, 37, false, random), random);
  const OperatorHandle op = create(c.desc);
  qnnp_operator_t copy = nullptr;
  ASSERT_EQ(qnnp_status_success, qnnp_clone_operator(op.get(), &copy));
  const OperatorHandle clone(copy);
  c.check(op.get(), nullptr);
  c.check(clone.get(), nullptr);
  c.check(op.get(), nullptr);
}

// Values by hand: ties, infinities, NaN, limits; in int8.
TEST(Quantize, ValuesByHand) {
  qnnp_quantize_desc d = QNNP_QUANTIZE_DESC_INIT;
  d.channels = 8;
  d.output_type = qnnp_datatype_int8;
  d.output_scale = 2;
  d.output_zero_point = -10;
  d.output_min = -100;
  d.output_max = 100;
  const float x[8] = {1, 3, -1, -3, INFINITY, -INFINITY, NAN, 5.0f};
  const int8_t expected[8] = {-10, -8, -10, -12, 100, -100, -10, -8};
  int8_t y[8];
  const OperatorHandle op = create(d);
  ASSERT_EQ(qnnp_status_success, qnnp_setup_quantize(op.get(), 1, x, 8, y, 8));
  ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op.get(), nullptr));
  for (int i = 0; i < 8; i++) EXPECT_EQ(expected[i], y[i]) << i;
}

// float32 and back gives the byte again.
TEST(Quantize, UndoesDequantize) {
  QNNP_TRACE_SEED();
  Random random(4);
  std::vector<uint8_t> bytes(256), back(256);
  std::vector<float> floats(256);
  for (size_t i = 0; i < 256; i++) bytes[i] = static_cast<uint8_t>(i);
  for (size_t repeat = 0; repeat < effort(300); repeat++) {
    qnnp_dequantize_desc from = QNNP_DEQUANTIZE_DESC_INIT;
    qnnp_quantize_desc to = QNNP_QUANTIZE_DESC_INIT;
    from.channels = to.channels = 256;
    from.input_type = to.output_type = kBytes[random.size(0, 1)];
    from.input_zero_point = to.output_zero_point =
        draw_zero_point(random) - offset_of(from.input_type);
    from.input_scale = to.output_scale = static_cast<float>(std::exp2(random.real(-126, 119)));
    const OperatorHandle one = create(from), other = create(to);
    ASSERT_EQ(qnnp_status_success,
              qnnp_setup_dequantize(one.get(), 1, bytes.data(), 256, floats.data(), 256));
    ASSERT_EQ(qnnp_status_success,
              qnnp_setup_quantize(other.get(), 1, floats.data(), 256, back.data(), 256));
    ASSERT_EQ(qnnp_status_success, qnnp_run_operator(one.get(), nullptr));
    ASSERT_EQ(qnnp_status_success, qnnp_run_operator(other.get(), nullptr));
    ASSERT_EQ(bytes, back) << static_cast<double>(from.input_scale);
  }
}

qnnp_quantize_desc small_quantize(enum qnnp_datatype from) {
  qnnp_quantize_desc d = QNNP_QUANTIZE_DESC_INIT;
  d.channels = 5;
  d.input_type = from;
  d.output_scale = 0.5f;
  return d;
}
qnnp_dequantize_desc small_dequantize(enum qnnp_datatype to) {
  qnnp_dequantize_desc d = QNNP_DEQUANTIZE_DESC_INIT;
  d.channels = 5;
  d.output_type = to;
  d.input_scale = 0.5f;
  return d;
}

template <class Setup>
OperatorKind kind_of(const char* type, const char* family,
                     std::function<enum qnnp_status(qnnp_operator_t*)> create_it, Setup setup) {
  static std::vector<float> input(15), output(15);
  return {type, family, "out-handle", std::move(create_it),
          [setup](qnnp_operator_t op, size_t batch) {
            if (batch == 0) return setup(op, 0, nullptr, 0, nullptr, 0);
            return setup(op, batch, input.data(), 5, output.data(), 5);
          }};
}

TEST(Boundary, LifeCycle) {
  for (enum qnnp_datatype type : kFloats) {
    const uint64_t float_bytes = type == qnnp_datatype_float32 ? 20 : 10;
    const OperatorKind quantize = kind_of(
        "quantize_nc", "f32quantize ",
        [type](qnnp_operator_t* out) {
          const qnnp_quantize_desc d = small_quantize(type);
          return qnnp_create_quantize(&d, out);
        },
        qnnp_setup_quantize);
    const OperatorKind dequantize = kind_of(
        "dequantize_nc", "f32dequantize ",
        [type](qnnp_operator_t* out) {
          const qnnp_dequantize_desc d = small_dequantize(type);
          return qnnp_create_dequantize(&d, out);
        },
        qnnp_setup_dequantize);
    expect_description(quantize, float_bytes, 5);
    expect_description(dequantize, 5, float_bytes);
    for (const OperatorKind* kind : {&quantize, &dequantize}) {
      SCOPED_TRACE(kind->type);
      expect_refusals_of_kind(*kind);
      expect_empty_batch(*kind);
      expect_survives_lack_of_memory(kind->create);
    }
  }
}

TEST(Boundary, QuantizeRefusesParameters) {
  const auto expect = [](const char* parameter, void (*change)(qnnp_quantize_desc & d)) {
    qnnp_quantize_desc d = small_quantize(qnnp_datatype_float32);
    change(d);
    expect_create_refuses(qnnp_status_invalid_parameter, parameter,
                          [&](qnnp_operator_t* out) { return qnnp_create_quantize(&d, out); });
  };
  using D = qnnp_quantize_desc;
  expect("struct_size", [](D& d) { d.struct_size = 1; });
  expect("channels", [](D& d) { d.channels = 0; });
  expect("input_type is 0", [](D& d) { d.input_type = qnnp_datatype_uint8; });
  expect("output_type is 3", [](D& d) { d.output_type = qnnp_datatype_float32; });
  expect("output_scale", [](D& d) { d.output_scale = 0; });
  expect("output_scale", [](D& d) { d.output_scale = NAN; });
  expect("output_zero_point is 256", [](D& d) { d.output_zero_point = 256; });
  expect("output_min is -1", [](D& d) { d.output_min = -1; });
  expect("output_min is 2", [](D& d) { d.output_min = 2, d.output_max = 1; });
  expect("flags", [](D& d) { d.flags = 1; });
  expect_create_refuses(qnnp_status_invalid_parameter, "desc is NULL",
                        [](qnnp_operator_t* out) { return qnnp_create_quantize(nullptr, out); });
}

TEST(Boundary, DequantizeRefusesParameters) {
  const auto expect = [](const char* parameter, void (*change)(qnnp_dequantize_desc & d)) {
    qnnp_dequantize_desc d = small_dequantize(qnnp_datatype_float32);
    change(d);
    expect_create_refuses(qnnp_status_invalid_parameter, parameter,
                          [&](qnnp_operator_t* out) { return qnnp_create_dequantize(&d, out); });
  };
  using D = qnnp_dequantize_desc;
  expect("struct_size", [](D& d) { d.struct_size = 1; });
  expect("channels", [](D& d) { d.channels = 0; });
  expect("input_type is 4", [](D& d) { d.input_type = qnnp_datatype_float16; });
  expect("output_type is 1", [](D& d) { d.output_type = qnnp_datatype_int8; });
  expect("input_scale", [](D& d) { d.input_scale = INFINITY; });
  expect("input_zero_point is -1", [](D& d) { d.input_zero_point = -1; });
  expect("flags", [](D& d) { d.flags = 1; });
}

TEST(Boundary, RefusesSetup) {
  const OperatorHandle op = create(small_quantize(qnnp_datatype_float32));
  float x[5] = {};
  uint8_t y[5] = {};
  const auto setup = [&](const void* in, size_t in_stride, void* out, size_t out_stride) {
    return qnnp_setup_quantize(op.get(), 2, in, in_stride, out, out_stride);
  };
  const size_t quarter = SIZE_MAX / 16;  // two rows of so many bytes, but not of floats
  expect_refusal(qnnp_status_invalid_parameter, "input is NULL", setup(nullptr, 5, y, 5));
  expect_refusal(qnnp_status_invalid_parameter, "output is NULL", setup(x, 5, nullptr, 5));
  expect_refusal(qnnp_status_invalid_parameter, "input_stride", setup(x, 4, y, 5));
  expect_refusal(qnnp_status_invalid_parameter, "output_stride", setup(x, 5, y, 4));
  expect_refusal(qnnp_status_unsupported_parameter, "input:", setup(x, quarter + 1, y, 5));
  EXPECT_EQ(qnnp_status_success, setup(x, 5, y, quarter + 1));
}

}  // namespace
}  // namespace test
}  // namespace qnnp
