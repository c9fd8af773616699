// SPDX-License-Identifier: BSD-3-Clause
// The channel shuffle operator: every instruction set and pool, strides; and what it refuses.
#include <gtest/gtest.h>

#include "harness/draw.h"
#include "harness/guarded_buffer.h"
#include "harness/isa.h"
#include "harness/operator_checks.h"
#include "harness/size_limits.h"
#include "harness/threads.h"

namespace qnnp {
namespace test {
namespace {

OperatorHandle create_shuffle(size_t groups, size_t group_channels) {
  return create_operator([&](qnnp_operator_t* out) {
    return qnnp_create_channel_shuffle_nc_x8(groups, group_channels, 0, out);
  });
}

struct Case {
  size_t batch, groups, group_channels, input_stride, output_stride;
  Flush flush;
  std::vector<uint8_t> bytes, expected;

  Case(size_t batch_size, size_t g, size_t n, Random& random)
      : batch(batch_size),
        groups(g),
        group_channels(n),
        input_stride(g * n + (random.coin() ? 0 : random.size(1, 70))),
        output_stride(g * n + (random.coin() ? 0 : random.size(1, 70))),
        flush(random.coin() ? Flush::left : Flush::right),
        bytes(batch_size * g * n) {
    draw_bytes(random, bytes);
    for (size_t row = 0; row < batch; row++) {
      for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < g; k++) expected.push_back(bytes[(row * g + k) * n + i]);
      }
    }
  }
  void check(qnnp_operator_t op, pthreadpool_t pool) const {
    const size_t channels = groups * group_channels;
    GuardedRows input(batch, channels, input_stride, flush);
    GuardedRows output(batch, channels, output_stride, flush);
    input.assign(bytes);
    ASSERT_EQ(qnnp_status_success,
              qnnp_setup_channel_shuffle_nc_x8(op, batch, input.data(), input.stride(),
                                               output.data(), output.stride()))
        << qnnp_get_last_error();
    ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op, pool));
    EXPECT_TRUE(expected == output.dense()) << batch << " x " << groups << " x " << group_channels;
    EXPECT_TRUE(output.intact());
  }
};

void check_shape(size_t batch, size_t groups, size_t group_channels, Random& random) {
  const Case c(batch, groups, group_channels, random);
  for_each_isa([&] {
    const OperatorHandle op = create_shuffle(groups, group_channels);
    for_each_pool([&](pthreadpool_t pool) { c.check(op.get(), pool); });
  });
}

TEST(ChannelShuffle, Shapes) {
  QNNP_TRACE_SEED();
  Random random(1);
  for (size_t repeat = 0; repeat < effort(80); repeat++) {
    const size_t groups = random.coin() ? random.size(2, 8) : random.size(2, 40);
    check_shape(random.size(1, 9), groups, random.size(1, 150), random);
  }
}

// Cut into pixels and into channels.
TEST(ChannelShuffle, ManyTasks) {
  QNNP_TRACE_SEED();
  Random random(2);
  for (size_t groups : {2, 3, 4, 5, 8, 19}) {
    check_shape(effort(300), groups, 67, random);
    check_shape(1, groups, effort(4000) + 130, random);
  }
}

TEST(ChannelShuffle, SetupAgainAndClones) {
  QNNP_TRACE_SEED();
  Random random(3);
  const Case small(3, 3, 37, random), large(50, 3, 37, random);
  const OperatorHandle op = create_shuffle(3, 37);
  qnnp_operator_t copy = nullptr;
  ASSERT_EQ(qnnp_status_success, qnnp_clone_operator(op.get(), &copy));
  const OperatorHandle clone(copy);
  small.check(op.get(), nullptr);
  large.check(clone.get(), nullptr);
  large.check(op.get(), nullptr);
  small.check(op.get(), nullptr);
}

OperatorKind shuffle_kind() {
  static std::vector<uint8_t> data(18), output(18);
  return {"channel_shuffle_nc_x8", "x8zip ", "channel_shuffle_out",
          [](qnnp_operator_t* out) { return qnnp_create_channel_shuffle_nc_x8(2, 3, 0, out); },
          [](qnnp_operator_t op, size_t batch) {
            const bool empty = batch == 0;
            return qnnp_setup_channel_shuffle_nc_x8(op, batch, empty ? nullptr : data.data(),
                                                    empty ? 0 : 6, empty ? nullptr : output.data(),
                                                    empty ? 0 : 6);
          }};
}

TEST(ChannelShuffle, LifeCycle) {
  expect_refusals_of_kind(shuffle_kind());
  expect_empty_batch(shuffle_kind());
  expect_description(shuffle_kind(), 6, 6);
  expect_survives_lack_of_memory(shuffle_kind().create);
}

TEST(ChannelShuffle, RefusesParameters) {
  const auto expect = [](enum qnnp_status status, const char* parameter, size_t groups,
                         size_t group_channels, uint32_t flags) {
    expect_create_refuses(status, parameter, [&](qnnp_operator_t* out) {
      return qnnp_create_channel_shuffle_nc_x8(groups, group_channels, flags, out);
    });
  };
  const auto invalid = qnnp_status_invalid_parameter;
  expect(invalid, "groups is 0", 0, 0, 1);
  expect(invalid, "groups is 1", 1, 0, 1);
  expect(invalid, "group_channels", 2, 0, 1);
  expect(invalid, "flags", kRoot, kRoot, 1);
  expect(qnnp_status_unsupported_parameter, "groups * group_channels", kRoot, kRoot, 0);
}

TEST(ChannelShuffle, RefusesSetup) {
  const OperatorHandle op = create_shuffle(2, 3);
  uint8_t x[12] = {}, y[12] = {};
  const auto setup = [&](const uint8_t* in, size_t in_stride, uint8_t* out, size_t out_stride) {
    return qnnp_setup_channel_shuffle_nc_x8(op.get(), 8, in, in_stride, out, out_stride);
  };
  const size_t huge = SIZE_MAX / 8;
  expect_refusal(qnnp_status_invalid_parameter, "input is NULL", setup(nullptr, 6, y, 6));
  expect_refusal(qnnp_status_invalid_parameter, "output is NULL", setup(x, 6, nullptr, 6));
  expect_refusal(qnnp_status_invalid_parameter, "input_stride", setup(x, 5, y, 6));
  expect_refusal(qnnp_status_invalid_parameter, "output_stride", setup(x, huge, y, 5));
  expect_refusal(qnnp_status_unsupported_parameter, "input:", setup(x, huge, y, 6));
  expect_refusal(qnnp_status_unsupported_parameter, "output:", setup(x, 6, y, huge));
}

}  // namespace
}  // namespace test
}  // namespace qnnp
