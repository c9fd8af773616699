// SPDX-License-Identifier: BSD-3-Clause
// The softargmax operator against its definition and against real arithmetic; what it refuses; the
// exponential function below it.
#include "operators/softargmax.h"

#include <gtest/gtest.h>

#include <cfloat>
#include <limits>

#include "base/exp.h"
#include "harness/definitions.h"
#include "harness/draw.h"
#include "harness/guarded_buffer.h"
#include "harness/isa.h"
#include "harness/operator_checks.h"
#include "harness/threads.h"

namespace qnnp {
namespace test {
namespace {

constexpr float kOutputScale = 1.0f / 256;

OperatorHandle create_softargmax(size_t channels, float scale) {
  return create_operator([&](qnnp_operator_t* out) {
    return qnnp_create_softargmax_nc_q8(channels, scale, 0, kOutputScale, 0, out);
  });
}

// The long form.
OperatorHandle create_softargmax(size_t channels, float scale, uint8_t input_flip,
                                 uint8_t output_flip) {
  qnnp_softargmax_desc desc = QNNP_SOFTARGMAX_DESC_INIT;
  desc.channels = channels;
  desc.input_scale = scale;
  if (input_flip != 0) desc.input_type = qnnp_datatype_int8;
  if (output_flip != 0) desc.output_type = qnnp_datatype_int8;
  return create_operator([&](qnnp_operator_t* out) { return qnnp_create_softargmax(&desc, out); });
}

// The table by libm's exponential function in long double.
std::vector<uint32_t> reference_table(float scale) {
  std::vector<uint32_t> table;
  for (int d = 0; d < 256; d++) {
    const long double exact = 4294967295.0L * std::exp(-d * static_cast<long double>(scale));
    table.push_back(static_cast<uint32_t>(std::floor(exact + 0.5L)));
  }
  return table;
}

float draw_scale(Random& random) {
  return static_cast<float>(std::exp2(random.real(-9, random.coin() ? 0 : 8)));
}

TEST(Exp, CloseToRealNumbers) {
  QNNP_TRACE_SEED();
  Random random(1);
  long double worst = 0;
  for (size_t repeat = 0; repeat < effort(1000000); repeat++) {
    const double x = random.coin() ? random.real(0, 708) : std::exp2(random.real(-60, 5));
    const long double exact = std::exp(-static_cast<long double>(x));
    worst = std::max(worst, std::abs(exp_of_negative(x) - exact) / exact);
  }
  EXPECT_LT(worst, 0x1p-50L);
  EXPECT_EQ(1.0, exp_of_negative(0));
  EXPECT_EQ(0.0, exp_of_negative(709));
  EXPECT_EQ(0.0, exp_of_negative(255.0 * FLT_MAX));
  EXPECT_EQ(0.0, exp_of_negative(std::numeric_limits<double>::infinity()));
  EXPECT_EQ(1.0, exp_of_negative(FLT_MIN));
}

TEST(Softargmax, Table) {
  QNNP_TRACE_SEED();
  Random random(2);
  for (size_t repeat = 0; repeat < effort(2000); repeat++) {
    const float scale = repeat == 0 ? FLT_MAX : repeat == 1 ? FLT_MIN : draw_scale(random);
    uint32_t table[256];
    softargmax_table(scale, table);
    EXPECT_EQ(UINT32_MAX, table[0]);
    for (int d = 0; d < 256; d++) {
      const long double exact = 4294967295.0L * std::exp(-d * static_cast<long double>(scale));
      ASSERT_LE(std::abs(table[d] - exact), 0.5L + 0x1p-18L) << d << " at " << scale;
      if (d > 0) {
        ASSERT_LE(table[d], table[d - 1]);
      }
    }
  }
}

struct Case {
  size_t batch, channels, input_stride, output_stride;
  float scale;
  uint8_t input_flip, output_flip;
  Flush flush;
  std::vector<uint8_t> bytes, expected;

  Case(size_t batch_size, size_t n, Random& random)
      : batch(batch_size),
        channels(n),
        input_stride(n + (random.coin() ? 0 : random.size(1, 70))),
        output_stride(n + (random.coin() ? 0 : random.size(1, 70))),
        scale(draw_scale(random)),
        input_flip(draw_flip(random)),
        output_flip(draw_flip(random)),
        flush(random.coin() ? Flush::left : Flush::right) {
    const std::vector<uint32_t> table = reference_table(scale);
    for (size_t row = 0; row < batch; row++) {
      std::vector<uint8_t> x(n);
      draw_bytes(random, x);
      bytes.insert(bytes.end(), x.begin(), x.end());
      const std::vector<uint8_t> y = softargmax_definition(x, table.data());
      expected.insert(expected.end(), y.begin(), y.end());
    }
    for (uint8_t& value : bytes) value ^= input_flip;
    for (uint8_t& value : expected) value ^= output_flip;
  }
  OperatorHandle create() const {
    return create_softargmax(channels, scale, input_flip, output_flip);
  }
  void check(qnnp_operator_t op, pthreadpool_t pool, bool in_place) const {
    GuardedRows input(batch, channels, input_stride, flush);
    GuardedRows other(batch, channels, output_stride, flush);
    input.assign(bytes);
    GuardedRows& output = in_place ? input : other;
    ASSERT_EQ(qnnp_status_success, qnnp_setup_softargmax(op, batch, input.data(), input.stride(),
                                                         output.data(), output.stride()))
        << qnnp_get_last_error();
    ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op, pool));
    EXPECT_TRUE(expected == output.dense()) << batch << " rows of " << channels << " at " << scale;
    EXPECT_TRUE(input.intact() && other.intact());
  }
};

void check_shape(size_t batch, size_t channels, Random& random) {
  const Case c(batch, channels, random);
  for_each_isa([&] {
    const OperatorHandle op = c.create();
    for_each_pool([&](pthreadpool_t pool) {
      c.check(op.get(), pool, false);
      c.check(op.get(), pool, true);
    });
  });
}

TEST(Softargmax, Shapes) {
  QNNP_TRACE_SEED();
  Random random(3);
  for (size_t repeat = 0; repeat < effort(60); repeat++) {
    check_shape(random.size(1, 9), random.size(1, 300), random);
  }
  check_shape(1, 1001, random);
  check_shape(effort(500), 33, random);
  check_shape(effort(40), 4096, random);
}

// The promise of the page: below 0.5 + 2^-13 steps for up to 4096 channels.
TEST(Softargmax, CloseToRealNumbers) {
  QNNP_TRACE_SEED();
  Random random(4);
  for (size_t repeat = 0; repeat < effort(200); repeat++) {
    const size_t n = random.size(1, 4096);
    const float scale = draw_scale(random);
    const OperatorHandle op = create_softargmax(n, scale);
    std::vector<uint8_t> x(n), y(n);
    draw_bytes(random, x);
    if (random.coin()) {  // one winner, whose share is all the others' rounding errors' worst case
      for (uint8_t& value : x) value = static_cast<uint8_t>(value / 8);
      x[random.size(0, n - 1)] = 255;
    }
    ASSERT_EQ(qnnp_status_success,
              qnnp_setup_softargmax_nc_q8(op.get(), 1, x.data(), n, y.data(), n));
    ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op.get(), nullptr));
    const uint8_t largest = *std::max_element(x.begin(), x.end());
    long double sum = 0;
    const auto power = [&](uint8_t value) {
      return std::exp((value - largest) * static_cast<long double>(scale));
    };
    for (uint8_t value : x) sum += power(value);
    for (size_t i = 0; i < n; i++) {
      const long double exact = std::min(255.0L, 256 * power(x[i]) / sum);
      ASSERT_LT(std::abs(y[i] - exact), 0.5L + 0x1p-13L) << n << " channels at " << scale;
    }
  }
}

TEST(Softargmax, SetupAgainAndClones) {
  QNNP_TRACE_SEED();
  Random random(5);
  const Case c(3, 137, random);
  OperatorHandle op = c.create();
  qnnp_operator_t copy = nullptr;
  ASSERT_EQ(qnnp_status_success, qnnp_clone_operator(op.get(), &copy));
  const OperatorHandle clone(copy);
  c.check(op.get(), nullptr, true);
  c.check(clone.get(), nullptr, false);
  op.reset();  // the clone keeps the shared table
  c.check(clone.get(), nullptr, false);
}

OperatorKind softargmax_kind() {
  static std::vector<uint8_t> data(15);
  return {"softargmax_nc_q8", "u8lut32norm ", "softargmax_out",
          [](qnnp_operator_t* out) {
            return qnnp_create_softargmax_nc_q8(5, 0.1f, 0, kOutputScale, 0, out);
          },
          [](qnnp_operator_t op, size_t batch) {
            uint8_t* p = batch == 0 ? nullptr : data.data();
            const size_t stride = batch == 0 ? 0 : 5;
            return qnnp_setup_softargmax_nc_q8(op, batch, p, stride, p, stride);
          }};
}

TEST(Softargmax, LifeCycle) {
  expect_refusals_of_kind(softargmax_kind());
  expect_empty_batch(softargmax_kind());
  expect_description(softargmax_kind(), 5, 5);
  expect_survives_lack_of_memory(softargmax_kind().create);
}

TEST(Softargmax, RefusesParameters) {
  const auto expect = [](enum qnnp_status status, const char* parameter, size_t channels,
                         float scale, uint8_t zero_point, float output_scale, uint32_t flags) {
    expect_create_refuses(status, parameter, [&](qnnp_operator_t* out) {
      return qnnp_create_softargmax_nc_q8(channels, scale, zero_point, output_scale, flags, out);
    });
  };
  const auto invalid = qnnp_status_invalid_parameter;
  const auto unsupported = qnnp_status_unsupported_parameter;
  expect(invalid, "channels", 0, 1, 0, kOutputScale, 0);
  for (float scale : {0.0f, -1.0f, FLT_MIN / 2, std::numeric_limits<float>::infinity(),
                      std::numeric_limits<float>::quiet_NaN()}) {
    expect(invalid, "input_scale", 1, scale, 0, kOutputScale, 0);
    expect(invalid, "output_scale", 1, 1, 0, scale, 0);
  }
  expect(invalid, "flags", 1, 1, 0, kOutputScale, 2);
  expect(invalid, "flags", 1, 1, 1, 1, 2);
  expect(unsupported, "output_scale", 1, 1, 0, 1.0f / 255, 0);
  expect(unsupported, "output_zero_point", 1, 1, 1, kOutputScale, 0);
  if (sizeof(size_t) == 8) expect(unsupported, "channels", SIZE_MAX / 2, 1, 0, kOutputScale, 0);
}

template <class Change>
void expect_desc_refused(enum qnnp_status status, const char* parameter, Change change) {
  qnnp_softargmax_desc d = QNNP_SOFTARGMAX_DESC_INIT;
  d.channels = 5;
  d.input_scale = 1;
  change(d);
  expect_create_refuses(status, parameter,
                        [&](qnnp_operator_t* out) { return qnnp_create_softargmax(&d, out); });
}

TEST(Softargmax, RefusesDescription) {
  using D = qnnp_softargmax_desc;
  const auto invalid = qnnp_status_invalid_parameter;
  expect_create_refuses(invalid, "desc",
                        [](qnnp_operator_t* out) { return qnnp_create_softargmax(nullptr, out); });
  expect_desc_refused(invalid, "struct_size", [](D& d) { d.struct_size = 0; });
  expect_desc_refused(invalid, "channels", [](D& d) { d.channels = 0; });
  expect_desc_refused(invalid, "input_type", [](D& d) { d.input_type = qnnp_datatype_int32; });
  expect_desc_refused(invalid, "output_type", [](D& d) { d.output_type = qnnp_datatype_float32; });
  expect_desc_refused(invalid, "input_scale", [](D& d) { d.input_scale = 0; });
  expect_desc_refused(invalid, "flags", [](D& d) { d.flags = 1; });
  if (sizeof(size_t) == 8) {
    expect_desc_refused(qnnp_status_unsupported_parameter, "channels",
                        [](D& d) { d.channels = SIZE_MAX / 2; });
  }
}

TEST(Softargmax, RefusesSetup) {
  const OperatorHandle op = create_softargmax(5, 1);
  uint8_t x[10] = {};
  const auto setup = [&](const uint8_t* in, size_t in_stride, uint8_t* out, size_t out_stride) {
    return qnnp_setup_softargmax_nc_q8(op.get(), 8, in, in_stride, out, out_stride);
  };
  const size_t huge = SIZE_MAX / 8;
  expect_refusal(qnnp_status_invalid_parameter, "input is NULL", setup(nullptr, 5, x, 5));
  expect_refusal(qnnp_status_invalid_parameter, "output is NULL", setup(x, 5, nullptr, 5));
  expect_refusal(qnnp_status_invalid_parameter, "input_stride", setup(x, 4, x, 5));
  expect_refusal(qnnp_status_invalid_parameter, "output_stride", setup(x, 5, x, 4));
  expect_refusal(qnnp_status_unsupported_parameter, "input:", setup(x, huge, x, 5));
  expect_refusal(qnnp_status_unsupported_parameter, "output:", setup(x, 5, x, huge));
}

}  // namespace
}  // namespace test
}  // namespace qnnp
