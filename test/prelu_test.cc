// SPDX-License-Identifier: BSD-3-Clause
// Prelu against its definition and real arithmetic: every instruction set and pool, strides, in
// place, slopes of every type; int8 against uint8; and what it refuses.
#include <gtest/gtest.h>
#include <qnnpack.h>

#include <cfloat>
#include <cmath>

#include "harness/draw.h"
#include "harness/guarded_buffer.h"
#include "harness/isa.h"
#include "harness/operator_checks.h"
#include "harness/threads.h"

namespace qnnp {
namespace test {
namespace {

int offset_of(enum qnnp_datatype type) { return type == qnnp_datatype_int8 ? 128 : 0; }

OperatorHandle create(const qnnp_prelu_desc& d) {
  return create_operator([&](qnnp_operator_t* out) { return qnnp_create_prelu(&d, out); });
}

// A description with slopes of one's own.
struct Case {
  qnnp_prelu_desc desc = QNNP_PRELU_DESC_INIT;
  size_t batch, input_stride, output_stride;
  Flush flush;
  std::vector<float> floats;
  std::vector<uint8_t> slope_bytes, bytes, expected;

  Case(size_t batch_size, size_t n, bool dense, Random& random);
  void draw_slopes(Random& random);
  double slope(size_t channel) const;
  void expect(uint8_t q, size_t channel, const Output& output);
  void check(qnnp_operator_t op, pthreadpool_t pool, bool in_place) const;
};

Case::Case(size_t batch_size, size_t n, bool dense, Random& random)
    : batch(batch_size),
      input_stride(n + (dense ? 0 : random.size(0, 70))),
      output_stride(n + (dense ? 0 : random.size(0, 70))),
      flush(random.coin() ? Flush::left : Flush::right),
      floats(n),
      slope_bytes(n),
      bytes(batch_size * n) {
  desc.channels = n;
  desc.input_type = random.coin() ? qnnp_datatype_uint8 : qnnp_datatype_int8;
  desc.output_type = random.coin() ? qnnp_datatype_uint8 : qnnp_datatype_int8;
  desc.input_scale = static_cast<float>(std::exp2(random.real(-60, 60)));
  desc.output_scale = static_cast<float>(desc.input_scale * std::exp2(random.real(-4, 4)));
  desc.input_zero_point = draw_zero_point(random) - offset_of(desc.input_type);
  Output output = draw_output(random);
  const int offset = offset_of(desc.output_type);
  desc.output_zero_point = output.zero_point - offset;
  desc.output_min = output.min - offset;
  desc.output_max = output.max - offset;
  if (desc.output_min == 0 && desc.output_max == 0) output = {output.zero_point, 0, 255};
  draw_slopes(random);
  draw_bytes(random, bytes);
  for (size_t i = 0; i < bytes.size(); i++) expect(bytes[i], i % n, output);
}

void Case::draw_slopes(Random& random) {
  constexpr enum qnnp_datatype kTypes[] = {qnnp_datatype_uint8, qnnp_datatype_int8,
                                           qnnp_datatype_float32};
  desc.slope_type = kTypes[random.size(0, 2)];
  for (float& s : floats) s = static_cast<float>(random.real(-2, 2));
  draw_bytes(random, slope_bytes);
  desc.slope = floats.data();
  if (desc.slope_type == qnnp_datatype_float32) return;
  desc.slope = slope_bytes.data();
  desc.slope_scale = static_cast<float>(std::exp2(random.real(-12, -5)));
  desc.slope_zero_point = draw_zero_point(random) - offset_of(desc.slope_type);
}

double Case::slope(size_t channel) const {
  if (desc.slope_type == qnnp_datatype_float32) return static_cast<double>(floats[channel]);
  const uint8_t byte = slope_bytes[channel];
  const int q = desc.slope_type == qnnp_datatype_int8 ? static_cast<int8_t>(byte) : byte;
  return static_cast<double>(desc.slope_scale) * (q - desc.slope_zero_point);
}

void Case::expect(uint8_t byte, size_t channel, const Output& output) {
  const int q = desc.input_type == qnnp_datatype_int8 ? static_cast<int8_t>(byte) : byte;
  const int d = q - desc.input_zero_point;
  const double in = static_cast<double>(desc.input_scale);
  const double out = static_cast<double>(desc.output_scale);
  const double multiplier = d < 0 ? in * slope(channel) / out : in / out;
  const uint8_t u = requantize_reference(d, static_cast<float>(multiplier), output);
  expected.push_back(static_cast<uint8_t>(u - offset_of(desc.output_type)));
  const long double x = static_cast<long double>(in) * d;
  const long double y = x >= 0 ? x : static_cast<long double>(slope(channel)) * x;
  const long double limited = std::clamp<long double>(
      y / static_cast<long double>(out) + output.zero_point, output.min, output.max);
  EXPECT_LT(std::abs(u - limited), 0.5L + 0x1p-13L);
}

void Case::check(qnnp_operator_t op, pthreadpool_t pool, bool in_place) const {
  GuardedRows input(batch, desc.channels, input_stride, flush);
  GuardedRows other(batch, desc.channels, output_stride, flush);
  input.assign(bytes);
  GuardedRows& output = in_place ? input : other;
  ASSERT_EQ(qnnp_status_success, qnnp_setup_prelu(op, batch, input.data(), input.stride(),
                                                  output.data(), output.stride()))
      << qnnp_get_last_error();
  ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op, pool));
  EXPECT_TRUE(expected == output.dense()) << batch << " rows of " << desc.channels;
  EXPECT_TRUE(input.intact() && other.intact());
}

void check_shape(size_t batch, size_t channels, bool dense, Random& random) {
  const Case c(batch, channels, dense, random);
  for_each_isa([&] {
    const OperatorHandle op = create(c.desc);
    for_each_pool([&](pthreadpool_t pool) {
      c.check(op.get(), pool, false);
      c.check(op.get(), pool, true);
    });
  });
}

TEST(Prelu, Shapes) {
  QNNP_TRACE_SEED();
  Random random(1);
  for (size_t repeat = 0; repeat < effort(80); repeat++) {
    check_shape(random.size(1, 9), random.size(1, 300), random.coin(), random);
  }
}

TEST(Prelu, ManyTasks) {
  QNNP_TRACE_SEED();
  Random random(2);
  check_shape(effort(1500), 67, true, random);
  check_shape(effort(1500), 67, false, random);
  check_shape(2, effort(50001), false, random);
  check_shape(effort(20000), 3, true, random);
  check_shape(effort(20000), 1, true, random);
}

TEST(Prelu, SetupAgainAndClones) {
  QNNP_TRACE_SEED();
  Random random(3);
  Case c(3, 37, false, random);
  OperatorHandle op = create(c.desc);
  std::fill(c.floats.begin(), c.floats.end(), 7.0f);  // create has copied the slopes
  std::fill(c.slope_bytes.begin(), c.slope_bytes.end(), uint8_t{7});
  qnnp_operator_t copy = nullptr;
  ASSERT_EQ(qnnp_status_success, qnnp_clone_operator(op.get(), &copy));
  const OperatorHandle clone(copy);
  c.check(op.get(), nullptr, true);
  c.check(clone.get(), nullptr, false);
  op.reset();
  c.check(clone.get(), nullptr, true);
}

// XOR 0x80 of input, slopes and output: the same bytes.
TEST(Prelu, SignedIsUnsignedAndAnXor) {
  QNNP_TRACE_SEED();
  Random random(4);
  const auto flipped = [](std::vector<uint8_t> all) {
    for (uint8_t& byte : all) byte ^= 0x80;
    return all;
  };
  for (size_t repeat = 0; repeat < effort(50); repeat++) {
    Case c(4, 100, false, random);
    const std::vector<uint8_t> slopes = c.slope_bytes;
    const std::vector<uint8_t> signed_slopes = flipped(slopes);
    qnnp_prelu_desc& d = c.desc;
    d.input_type = d.output_type = d.slope_type = qnnp_datatype_uint8;
    d.input_zero_point = random.byte();
    d.output_zero_point = random.byte();
    d.slope_zero_point = random.byte();
    d.slope_scale = 0.01f;
    d.output_min = d.output_max = 0;
    d.slope = slopes.data();
    const OperatorHandle of_unsigned = create(d);
    d.input_type = d.output_type = d.slope_type = qnnp_datatype_int8;
    d.input_zero_point -= 128;
    d.output_zero_point -= 128;
    d.slope_zero_point -= 128;
    d.slope = signed_slopes.data();
    const OperatorHandle of_signed = create(d);
    std::vector<uint8_t> x = c.bytes, signed_x = flipped(x);
    ASSERT_EQ(qnnp_status_success,
              qnnp_setup_prelu(of_unsigned.get(), 4, x.data(), 100, x.data(), 100));
    ASSERT_EQ(qnnp_status_success,
              qnnp_setup_prelu(of_signed.get(), 4, signed_x.data(), 100, signed_x.data(), 100));
    ASSERT_EQ(qnnp_status_success, qnnp_run_operator(of_unsigned.get(), nullptr));
    ASSERT_EQ(qnnp_status_success, qnnp_run_operator(of_signed.get(), nullptr));
    ASSERT_EQ(x, flipped(signed_x));
  }
}

constexpr float kSlopes[5] = {0.25f, 0, -1, FLT_MAX, -FLT_MAX};

qnnp_prelu_desc small() {
  qnnp_prelu_desc d = QNNP_PRELU_DESC_INIT;
  d.channels = 5;
  d.input_scale = d.output_scale = 0.5f;
  d.input_zero_point = 100;
  d.output_zero_point = 90;
  d.slope = kSlopes;
  return d;
}

TEST(Prelu, ValuesByHand) {
  const uint8_t x[10] = {98, 98, 98, 98, 98, 104, 104, 104, 100, 100};
  const uint8_t expected[10] = {90, 90, 92, 0, 255, 94, 94, 94, 90, 90};  // -0.5 is a tie
  uint8_t y[10];
  const OperatorHandle op = create(small());
  ASSERT_EQ(qnnp_status_success, qnnp_setup_prelu(op.get(), 2, x, 5, y, 5));
  ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op.get(), nullptr));
  for (int i = 0; i < 10; i++) EXPECT_EQ(expected[i], y[i]) << i;
}

OperatorKind prelu_kind() {
  static std::vector<uint8_t> data(15);
  return {"prelu_nc_q8", "q8prelu ", "out-handle",
          [](qnnp_operator_t* out) {
            const qnnp_prelu_desc d = small();
            return qnnp_create_prelu(&d, out);
          },
          [](qnnp_operator_t op, size_t batch) {
            uint8_t* p = batch == 0 ? nullptr : data.data();
            const size_t stride = batch == 0 ? 0 : 5;
            return qnnp_setup_prelu(op, batch, p, stride, p, stride);
          }};
}

TEST(Prelu, LifeCycle) {
  expect_refusals_of_kind(prelu_kind());
  expect_empty_batch(prelu_kind());
  expect_description(prelu_kind(), 5, 5);
  expect_survives_lack_of_memory(prelu_kind().create);
}

template <class Change>
void expect_refused(enum qnnp_status status, const char* parameter, const Change& change) {
  qnnp_prelu_desc d = small();
  change(d);
  expect_create_refuses(status, parameter,
                        [&](qnnp_operator_t* out) { return qnnp_create_prelu(&d, out); });
}

TEST(Prelu, RefusesParameters) {
  using D = qnnp_prelu_desc;
  static constexpr float kBadSlopes[5] = {1, 1, 1, INFINITY, NAN};
  const auto invalid = [](const char* parameter, void (*change)(D & d)) {
    expect_refused(qnnp_status_invalid_parameter, parameter, change);
  };
  invalid("struct_size", [](D& d) { d.struct_size = 1; });
  invalid("channels", [](D& d) { d.channels = 0; });
  invalid("input_type", [](D& d) { d.input_type = qnnp_datatype_float32; });
  invalid("output_type", [](D& d) { d.output_type = qnnp_datatype_float16; });
  invalid("input_scale", [](D& d) { d.input_scale = -1; });
  invalid("output_scale", [](D& d) { d.output_scale = NAN; });
  invalid("input_zero_point", [](D& d) { d.input_zero_point = 256; });
  invalid("output_zero_point", [](D& d) { d.output_zero_point = -1; });
  invalid("output_max", [](D& d) { d.output_max = 256; });
  invalid("flags", [](D& d) { d.flags = 1; });
  invalid("slope_type is 4", [](D& d) { d.slope_type = qnnp_datatype_float16; });
  invalid("slope_scale", [](D& d) { d.slope_type = qnnp_datatype_uint8; });
  invalid("slope_zero_point is -129", [](D& d) {
    d.slope_type = qnnp_datatype_int8;
    d.slope_scale = 1;
    d.slope_zero_point = -129;
  });
  invalid("slope is NULL", [](D& d) { d.slope = nullptr; });
  invalid("slope[3] is inf", [](D& d) { d.slope = kBadSlopes; });
  expect_refused(qnnp_status_unsupported_parameter, "input_scale / output_scale", [](D& d) {
    d.input_scale = FLT_MIN;
    d.output_scale = 2;
  });
  expect_refused(qnnp_status_unsupported_parameter, "channels", [](D& d) {
    static const uint8_t kOne[1] = {1};
    d.slope_type = qnnp_datatype_uint8;
    d.slope_scale = 1;
    d.slope = kOne;  // not read: the size is refused first
    d.channels = SIZE_MAX / 4;
  });
  const GuardedBuffer<float> nothing(0, Flush::right);
  expect_refused(qnnp_status_unsupported_parameter, "channels", [&](D& d) {
    d.slope_type = qnnp_datatype_float32;
    d.slope = nothing.data();  // nor are floats
    d.channels = SIZE_MAX / 4;
  });
}

TEST(Prelu, RefusesSetup) {
  const OperatorHandle op = create(small());
  uint8_t x[10] = {};
  const auto setup = [&](const void* in, size_t in_stride, void* out, size_t out_stride) {
    return qnnp_setup_prelu(op.get(), 8, in, in_stride, out, out_stride);
  };
  const size_t huge = SIZE_MAX / 8;
  expect_refusal(qnnp_status_invalid_parameter, "input is NULL", setup(nullptr, 5, x, 5));
  expect_refusal(qnnp_status_invalid_parameter, "output_stride", setup(x, 5, x, 4));
  expect_refusal(qnnp_status_unsupported_parameter, "input:", setup(x, huge, x, 5));
}

}  // namespace
}  // namespace test
}  // namespace qnnp
