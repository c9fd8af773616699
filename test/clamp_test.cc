// SPDX-License-Identifier: BSD-3-Clause
// The clamp operator: every instruction set and pool, strides, in place; and what it refuses.
#include <gtest/gtest.h>

#include "harness/draw.h"
#include "harness/guarded_buffer.h"
#include "harness/isa.h"
#include "harness/operator_checks.h"
#include "harness/threads.h"

namespace qnnp {
namespace test {
namespace {

OperatorHandle create_clamp(size_t channels, uint8_t low, uint8_t high) {
  return create_operator(
      [&](qnnp_operator_t* out) { return qnnp_create_clamp_nc_u8(channels, low, high, 0, out); });
}

struct Case {
  size_t batch, channels, input_stride, output_stride;
  Output range;
  Flush flush;
  std::vector<uint8_t> bytes, expected;

  Case(size_t batch_size, size_t n, bool dense, Random& random)
      : batch(batch_size),
        channels(n),
        input_stride(n + (dense ? 0 : random.size(0, 70))),
        output_stride(n + (dense ? 0 : random.size(0, 70))),
        range(draw_output(random)),
        flush(random.coin() ? Flush::left : Flush::right),
        bytes(batch_size * n) {
    draw_bytes(random, bytes);
    for (uint8_t x : bytes) expected.push_back(std::clamp(x, range.min, range.max));
  }
  void check(qnnp_operator_t op, pthreadpool_t pool, bool in_place) const {
    GuardedRows input(batch, channels, input_stride, flush);
    GuardedRows other(batch, channels, output_stride, flush);
    input.assign(bytes);
    GuardedRows& output = in_place ? input : other;
    ASSERT_EQ(qnnp_status_success, qnnp_setup_clamp_nc_u8(op, batch, input.data(), input.stride(),
                                                          output.data(), output.stride()))
        << qnnp_get_last_error();
    ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op, pool));
    EXPECT_TRUE(expected == output.dense()) << batch << " rows of " << channels;
    EXPECT_TRUE(input.intact() && other.intact());
  }
};

void check_shape(size_t batch, size_t channels, bool dense, Random& random) {
  const Case c(batch, channels, dense, random);
  for_each_isa([&] {
    const OperatorHandle op = create_clamp(channels, c.range.min, c.range.max);
    for_each_pool([&](pthreadpool_t pool) {
      c.check(op.get(), pool, false);
      c.check(op.get(), pool, true);
    });
  });
}

TEST(Clamp, Shapes) {
  QNNP_TRACE_SEED();
  Random random(1);
  for (size_t repeat = 0; repeat < effort(60); repeat++) {
    check_shape(random.size(1, 9), random.size(1, 300), random.coin(), random);
  }
}

TEST(Clamp, ManyTasks) {
  QNNP_TRACE_SEED();
  Random random(2);
  check_shape(effort(3000), 67, true, random);
  check_shape(effort(3000), 67, false, random);
  check_shape(2, effort(100001), false, random);
}

TEST(Clamp, SetupAgainAndClones) {
  QNNP_TRACE_SEED();
  Random random(3);
  const Case c(3, 37, false, random);
  const OperatorHandle op = create_clamp(37, c.range.min, c.range.max);
  qnnp_operator_t copy = nullptr;
  ASSERT_EQ(qnnp_status_success, qnnp_clone_operator(op.get(), &copy));
  const OperatorHandle clone(copy);
  c.check(op.get(), nullptr, true);
  c.check(clone.get(), nullptr, false);
  c.check(op.get(), nullptr, false);
}

OperatorKind clamp_kind() {
  static std::vector<uint8_t> data(15);
  return {"clamp_nc_u8", "u8clamp ", "clamp_out",
          [](qnnp_operator_t* out) { return qnnp_create_clamp_nc_u8(5, 10, 20, 0, out); },
          [](qnnp_operator_t op, size_t batch) {
            uint8_t* p = batch == 0 ? nullptr : data.data();
            const size_t stride = batch == 0 ? 0 : 5;
            return qnnp_setup_clamp_nc_u8(op, batch, p, stride, p, stride);
          }};
}

TEST(Clamp, LifeCycle) {
  expect_refusals_of_kind(clamp_kind());
  expect_empty_batch(clamp_kind());
  expect_description(clamp_kind(), 5, 5);
  expect_survives_lack_of_memory(clamp_kind().create);
}

TEST(Clamp, RefusesParameters) {
  const auto expect = [](const char* parameter, size_t channels, uint8_t low, uint8_t high,
                         uint32_t flags) {
    expect_create_refuses(qnnp_status_invalid_parameter, parameter, [&](qnnp_operator_t* out) {
      return qnnp_create_clamp_nc_u8(channels, low, high, flags, out);
    });
  };
  expect("channels", 0, 0, 255, 0);
  expect("output_min", 1, 8, 7, 0);
  expect("flags", 1, 0, 255, 4);
}

TEST(Clamp, RefusesSetup) {
  const OperatorHandle op = create_clamp(5, 0, 255);
  uint8_t x[10] = {};
  const auto setup = [&](const uint8_t* in, size_t in_stride, uint8_t* out, size_t out_stride) {
    return qnnp_setup_clamp_nc_u8(op.get(), 8, in, in_stride, out, out_stride);
  };
  const size_t huge = SIZE_MAX / 8;
  expect_refusal(qnnp_status_invalid_parameter, "input is NULL", setup(nullptr, 5, x, 5));
  expect_refusal(qnnp_status_invalid_parameter, "output is NULL", setup(x, 5, nullptr, 5));
  expect_refusal(qnnp_status_invalid_parameter, "input_stride", setup(x, 4, x, 5));
  expect_refusal(qnnp_status_invalid_parameter, "output_stride", setup(x, 5, x, 4));
  expect_refusal(qnnp_status_invalid_parameter, "output_stride", setup(x, huge, x, 4));
  expect_refusal(qnnp_status_unsupported_parameter, "input:", setup(x, huge, x, 5));
  expect_refusal(qnnp_status_unsupported_parameter, "output:", setup(x, 5, x, huge));
}

}  // namespace
}  // namespace test
}  // namespace qnnp
