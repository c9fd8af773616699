// SPDX-License-Identifier: BSD-3-Clause
// The convolution operator against its definition: every instruction set, thread pools, shapes,
// strides, types; clones; repeated setup.
#include <gtest/gtest.h>
#include <qnnpack.h>

#include <thread>

#include "harness/convolution_case.h"
#include "harness/failing_allocator.h"
#include "harness/isa.h"
#include "harness/threads.h"

namespace qnnp {
namespace test {
namespace {

enum qnnp_status setup(qnnp_operator_t op, const ConvolutionCase& c, GuardedRows& output) {
  const size_t output_stride = output.stride() / element_bytes(c.types.kind);
  if (c.types.kind == OutputKind::bytes) {
    return qnnp_setup_convolution2d_nhwc_q8(op, c.shape.batch, c.shape.height, c.shape.width,
                                            c.input->data(), c.input->stride(), output.data(),
                                            output_stride, nullptr);
  }
  return qnnp_setup_convolution2d(op, c.shape.batch, c.shape.height, c.shape.width, c.input->data(),
                                  c.input->stride(), output.data(), output_stride);
}

void expect_result(qnnp_operator_t op, const ConvolutionCase& c, pthreadpool_t pool, Flush flush) {
  GuardedRows output = c.make_output(flush);
  ASSERT_EQ(qnnp_status_success, setup(op, c, output)) << qnnp_get_last_error();
  ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op, pool));
  EXPECT_TRUE(output.intact());
  EXPECT_TRUE(c.reference() == dense_bytes(output)) << c.shape.text();
}

void check(const ConvolutionShape& shape, uint64_t salt, bool pools) {
  QNNP_TRACE_SEED();
  Random random(salt);
  const Flush flush = random.coin() ? Flush::left : Flush::right;
  ConvolutionCase c(shape, random, flush);
  c.set_types(draw_types(random));
  SCOPED_TRACE(shape.text() + c.types.text());
  for_each_isa([&] {
    qnnp_operator_t op = nullptr;
    const qnnp_convolution2d_desc desc = c.desc();
    ASSERT_EQ(qnnp_status_success, qnnp_create_convolution2d(&desc, &op)) << qnnp_get_last_error();
    if (pools) {
      for_each_pool([&](pthreadpool_t pool) { expect_result(op, c, pool, flush); });
    } else {
      expect_result(op, c, nullptr, flush);
    }
    EXPECT_EQ(qnnp_status_success, qnnp_delete_operator(op));
  });
}

TEST(Convolution, RandomShapes) {
  Random random(1);
  for (uint64_t i = 0; i < 400; i++) check(random_shape(random, 400000), 1000 + i, i % 8 == 0);
}

TEST(Convolution, Depthwise3x3EveryChannelTailAndBorder) {
  for (uint32_t stride = 1; stride <= 2; stride++) {
    for (uint32_t channels = 2; channels <= 131; channels += channels < 40 ? 1 : 13) {
      ConvolutionShape s;
      s.height = 4 + channels % 3;
      s.width = 1 + channels % 11;
      s.kernel_height = s.kernel_width = 3;
      s.stride_height = s.stride_width = stride;
      s.groups = channels;
      s.top = s.left = channels % 2;
      s.bottom = 1;
      s.right = 2;
      check(s, 2000 + channels, channels % 16 == 0);
    }
  }
}

// Wide, dense images whose neighbouring pixels may be taken together.
TEST(Convolution, DepthwiseFewChannels) {
  Random random(7);
  for (uint32_t channels : {2, 3, 7, 8, 9, 15, 16, 17, 24, 32, 33}) {
    for (uint32_t kernel : {3u, 5u}) {
      ConvolutionShape s;
      s.height = random.size(5, 8);
      s.width = random.size(18, 27);
      s.kernel_height = s.kernel_width = kernel;
      s.stride_height = random.size(0, 3) == 0 ? 2 : 1;
      s.groups = channels;
      s.top = static_cast<uint32_t>(random.in(0, 2));
      s.left = static_cast<uint32_t>(random.in(0, 3));
      s.bottom = static_cast<uint32_t>(random.in(0, 2));
      s.right = static_cast<uint32_t>(random.in(0, 3));
      s.extra_output_stride = random.size(0, 3) == 0 ? 1 : 0;
      check(s, 3000 + channels, channels % 16 == 0);
    }
  }
}

TEST(Convolution, FirstLayers) {
  for (size_t channels : {1, 2, 3, 4, 5}) {
    for (uint32_t kernel : {1u, 3u, 5u, 7u}) {
      ConvolutionShape s;
      s.height = 11;
      s.width = 14;
      s.kernel_height = s.kernel_width = kernel;
      s.stride_height = s.stride_width = 2;
      s.group_inputs = channels;
      s.group_outputs = 32;
      s.top = s.left = kernel / 2;
      s.bottom = s.right = kernel / 2;
      check(s, 3000 + channels * 10 + kernel, true);
      s.extra_input_stride = 1;
      check(s, 3100 + channels * 10 + kernel, false);
    }
  }
}

TEST(Convolution, PaddingLargerThanTheKernel) {
  ConvolutionShape s;
  s.height = 2;
  s.width = 3;
  s.kernel_height = 3;
  s.kernel_width = 2;
  s.top = 5;
  s.right = 4;
  s.bottom = 6;
  s.left = 7;
  s.group_inputs = 9;
  s.group_outputs = 17;
  check(s, 4000, true);
  s.groups = 35;
  s.group_inputs = s.group_outputs = 1;
  check(s, 4001, true);
}

// No stride moves a single output, no dilation a single tap: both may be larger than an offset.
TEST(Convolution, DistancesLargerThanOffsets) {
  ConvolutionShape s;
  s.height = s.kernel_height = s.kernel_width = 3;
  s.width = 600;
  s.groups = 40;
  s.stride_height = 0x80000000;
  check(s, 4500, true);
  s.kernel_width = 1;
  s.stride_height = s.dilation_width = 0xffffffff;
  check(s, 4501, false);
  s.width = 1;
  s.stride_width = 0xffffffff;
  check(s, 4502, false);
  s.groups = 1;
  s.group_inputs = s.group_outputs = 17;
  check(s, 4503, true);
}

TEST(Convolution, RepeatedSetupWithOtherShapesAndStrides) {
  QNNP_TRACE_SEED();
  for_each_isa([&] {
    Random random(5);
    ConvolutionShape s;
    s.kernel_height = s.kernel_width = 3;
    s.top = s.left = s.right = s.bottom = 1;
    s.group_inputs = 5;
    s.group_outputs = 20;
    ConvolutionCase first(s, random, Flush::right);
    first.set_types(draw_types(random));
    const qnnp_convolution2d_desc desc = first.desc();
    qnnp_operator_t op = nullptr;
    ASSERT_EQ(qnnp_status_success, qnnp_create_convolution2d(&desc, &op));
    for (size_t i = 0; i < 6; i++) {
      s.batch = 1 + i % 3;
      s.height = 3 + 2 * i;
      s.width = 9 - i;
      s.extra_input_stride = i % 2 * 3;
      s.extra_output_stride = i / 2;
      ConvolutionCase c(s, random, Flush::left);
      c.set_types(first.types);
      c.kernel = first.kernel;
      c.bias = first.bias;
      c.has_bias = first.has_bias;
      c.kernel_scales = first.kernel_scales;
      c.input_zero_point = first.input_zero_point;
      c.kernel_zero_point = first.kernel_zero_point;
      c.output = first.output;
      expect_result(op, c, nullptr, Flush::left);
      // An empty batch in between: nothing else is looked at, nothing is done.
      ASSERT_EQ(qnnp_status_success,
                qnnp_setup_convolution2d_nhwc_q8(op, 0, 0, 0, nullptr, 0, nullptr, 0, nullptr));
      EXPECT_EQ(qnnp_status_success, qnnp_run_operator(op, nullptr));
    }
    qnnp_delete_operator(op);
  });
}

// Two threads, one set of weights, no lock. Also meaningful under ThreadSanitizer.
TEST(Convolution, ClonesRunAtTheSameTime) {
  QNNP_TRACE_SEED();
  Random random(6);
  ConvolutionShape s;
  s.height = s.width = 9;
  s.kernel_height = s.kernel_width = 3;
  s.top = s.left = 1;
  s.group_inputs = 24;
  s.group_outputs = 40;
  const ConvolutionCase c(s, random, Flush::right);
  const qnnp_convolution2d_desc desc = c.desc();
  qnnp_operator_t op = nullptr, copy = nullptr;
  ASSERT_EQ(qnnp_status_success, qnnp_initialize());
  ASSERT_EQ(qnnp_status_success, qnnp_create_convolution2d(&desc, &op));
  ASSERT_EQ(qnnp_status_success, qnnp_clone_operator(op, &copy));
  EXPECT_EQ(qnnp_status_invalid_parameter, qnnp_run_operator(copy, nullptr)) << "not set up yet";
  const std::vector<uint8_t> expected = c.reference();
  const auto work = [&](qnnp_operator_t mine) {
    for (int i = 0; i < 50; i++) {
      GuardedRows output = c.make_output(Flush::right);
      ASSERT_EQ(qnnp_status_success, setup(mine, c, output));
      ASSERT_EQ(qnnp_status_success, qnnp_run_operator(mine, nullptr));
      ASSERT_TRUE(expected == dense_bytes(output));
    }
  };
  std::thread other(work, copy);
  work(op);
  other.join();
  qnnp_delete_operator(op);
  work(copy);  // weights live on with the last handle
  qnnp_delete_operator(copy);
}

TEST(Convolution, SurvivesLackOfMemory) {
  ASSERT_EQ(qnnp_status_success, qnnp_initialize());
  Random random(7);
  for (int kind = 0; kind < 3; kind++) {  // pointwise, depthwise, indirect
    ConvolutionShape s;
    s.groups = kind == 1 ? 20 : 1;
    s.group_inputs = s.group_outputs = kind == 1 ? 1 : 8;
    s.kernel_height = kind == 0 ? 1 : 3;
    const ConvolutionCase c(s, random, Flush::right);
    const qnnp_convolution2d_desc desc = c.desc();
    expect_survives_lack_of_memory(
        [&](qnnp_operator_t* op) { return qnnp_create_convolution2d(&desc, op); });
  }
}

TEST(Convolution, DescribesItself) {
  ASSERT_EQ(qnnp_status_success, qnnp_initialize());
  Random random(8);
  ConvolutionShape s;
  s.kernel_height = s.kernel_width = 3;
  s.group_inputs = 7;
  s.group_outputs = 11;
  const ConvolutionCase c(s, random, Flush::right);
  const qnnp_convolution2d_desc desc = c.desc();
  qnnp_operator_t op = nullptr;
  ASSERT_EQ(qnnp_status_success, qnnp_create_convolution2d(&desc, &op));
  qnnp_operator_info info = {};
  EXPECT_EQ(qnnp_status_invalid_parameter, qnnp_describe_operator(op, &info));
  info.struct_size = sizeof(info);
  ASSERT_EQ(qnnp_status_success, qnnp_describe_operator(op, &info));
  EXPECT_STREQ("convolution2d_nhwc_q8", info.type);
  EXPECT_EQ(0u, info.macs);
  GuardedRows output = c.make_output(Flush::right);
  ASSERT_EQ(qnnp_status_success, setup(op, c, output));
  ASSERT_EQ(qnnp_status_success, qnnp_describe_operator(op, &info));
  EXPECT_EQ(uint64_t{3 * 3 * 11 * 7 * 9}, info.macs);
  EXPECT_EQ(uint64_t{5 * 5 * 7}, info.input_bytes);
  EXPECT_EQ(uint64_t{3 * 3 * 11}, info.output_bytes);
  EXPECT_NE(nullptr, info.kernel);
  EXPECT_NE(nullptr, info.reason);
  qnnp_delete_operator(op);
}

}  // namespace
}  // namespace test
}  // namespace qnnp
