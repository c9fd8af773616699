// SPDX-License-Identifier: BSD-3-Clause
// No byte outside the tensors: operators whose input, output, weights, bias and scales all lie
// between inaccessible pages, flush with either of them, with every path, tail of channels and
// stride. A stride's gap behind the last pixel does not exist.
#include <gtest/gtest.h>
#include <qnnpack.h>

#include "harness/convolution_case.h"
#include "harness/gemm_case.h"
#include "harness/isa.h"
#include "harness/threads.h"

namespace qnnp {
namespace test {
namespace {

constexpr size_t kExtraStrides[] = {0, 1, 3, 16, 61, 257};

template <class T>
GuardedBuffer<T> guarded(const std::vector<T>& values, Flush flush) {
  GuardedBuffer<T> buffer(values.size(), flush);
  std::copy(values.begin(), values.end(), buffer.begin());
  return buffer;
}

void expect_dense(const std::vector<uint8_t>& expected, const GuardedRows& output) {
  ASSERT_TRUE(output.intact());
  ASSERT_TRUE(expected == dense_bytes(output));
}

// On every instruction set; `pool` shares it between threads.
void check_convolution(const ConvolutionShape& shape, Random& random, Flush input, Flush output,
                       pthreadpool_t pool) {
  SCOPED_TRACE(shape.text());
  const ConvolutionCase c(shape, random, input);
  const GuardedBuffer<uint8_t> kernel = guarded(c.kernel, input);
  const GuardedBuffer<int32_t> bias = guarded(c.bias, input);
  const GuardedBuffer<float> scales = guarded(c.kernel_scales, input);
  qnnp_convolution2d_desc desc = c.desc();
  desc.kernel = kernel.data();
  if (c.has_bias) desc.bias = bias.data();
  desc.kernel_scales = scales.data();
  const std::vector<uint8_t> expected = c.reference();
  for_each_isa([&] {
    qnnp_operator_t op = nullptr;
    ASSERT_EQ(qnnp_status_success, qnnp_create_convolution2d(&desc, &op)) << qnnp_get_last_error();
    GuardedRows out = c.make_output(output);
    ASSERT_EQ(qnnp_status_success, qnnp_setup_convolution2d_nhwc_q8(
                                       op, shape.batch, shape.height, shape.width, c.input->data(),
                                       c.input->stride(), out.data(), out.stride(), nullptr));
    ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op, pool));
    expect_dense(expected, out);
    EXPECT_EQ(qnnp_status_success, qnnp_delete_operator(op));
  });
}

// The shape with every pair of flushes; strides grow with each.
void check_all_sides(ConvolutionShape shape, Random& random) {
  static const Pool pool(pthreadpool_create(3));
  for (Flush input : kFlushes) {
    for (Flush output : kFlushes) {
      shape.extra_input_stride = kExtraStrides[random.size(0, 5)];
      shape.extra_output_stride = kExtraStrides[random.size(0, 5)];
      check_convolution(shape, random, input, output, random.coin() ? pool.get() : nullptr);
      if (::testing::Test::HasFatalFailure()) return;
    }
  }
}

ConvolutionShape square(uint32_t kernel, uint32_t stride, uint32_t padding) {
  ConvolutionShape s;
  s.kernel_height = s.kernel_width = kernel;
  s.stride_height = s.stride_width = stride;
  s.top = s.right = s.bottom = s.left = padding;
  return s;
}

TEST(Guard, Pointwise) {
  QNNP_TRACE_SEED();
  Random random(1);
  for_each_size(1, 40, [&](size_t channels) {
    ConvolutionShape s = square(1, 1, 0);
    s.height = 1 + channels % 3;
    s.width = 1 + channels % 5;
    s.group_inputs = channels;
    s.group_outputs = random.size(1, 40);
    check_all_sides(s, random);
    std::swap(s.group_inputs, s.group_outputs);
    s.groups = 1 + static_cast<uint32_t>(channels % 3);
    check_all_sides(s, random);
  });
}

TEST(Guard, Depthwise) {
  QNNP_TRACE_SEED();
  Random random(2);
  for_each_size(2, 70, [&](size_t channels) {
    for (uint32_t stride : {1u, 2u}) {
      ConvolutionShape s = square(3, stride, static_cast<uint32_t>(channels % 2));
      s.height = 3 + channels % 2;
      s.width = 3 + channels % 7;
      s.groups = static_cast<uint32_t>(channels);
      check_all_sides(s, random);
    }
    ConvolutionShape s = square(5, 1, 2);
    s.dilation_width = 2;
    s.groups = static_cast<uint32_t>(channels);
    check_all_sides(s, random);
  });
}

TEST(Guard, Indirect) {
  QNNP_TRACE_SEED();
  Random random(3);
  for_each_size(1, 40, [&](size_t channels) {
    ConvolutionShape s = square(3, 1 + channels % 2, static_cast<uint32_t>(channels % 3 == 0));
    s.height = 3 + channels % 2;
    s.width = 3 + channels % 4;
    s.group_inputs = channels;
    s.group_outputs = random.size(1, 20);
    check_all_sides(s, random);
    s.groups = 2;
    check_all_sides(s, random);
  });
}

// Runs of several taps: few channels, wide kernels.
TEST(Guard, FewChannels) {
  QNNP_TRACE_SEED();
  Random random(4);
  for (size_t channels : {1, 2, 3, 4, 5}) {
    for (uint32_t kernel : {2u, 3u, 5u, 7u}) {
      ConvolutionShape s = square(kernel, 2, channels % 2 == 0 ? 0 : kernel / 2);
      s.height = kernel + 1;
      s.width = kernel + 2 + channels;
      s.group_inputs = channels;
      s.group_outputs = random.size(1, 20);
      check_all_sides(s, random);
    }
  }
}

void check_fully_connected(size_t m, size_t n, size_t k, Random& random, Flush side) {
  const GemmCase c(m, n, k, random);
  SCOPED_TRACE(c.text());
  const GuardedBuffer<uint8_t> kernel = guarded(c.kernel, side);
  const GuardedBuffer<int32_t> bias = guarded(c.bias, side);
  qnnp_fully_connected_desc desc = QNNP_FULLY_CONNECTED_DESC_INIT;
  const GuardedBuffer<float> scales = guarded(c.scales, side);
  desc.input_channels = k;
  desc.output_channels = n;
  desc.input_scale = desc.output_scale = 1.0f;
  desc.kernel_scales = scales.data();
  desc.kernel = kernel.data();
  desc.bias = c.has_bias ? bias.data() : nullptr;
  desc.input_zero_point = c.input_zero_point;
  desc.kernel_zero_point = c.kernel_zero_point;
  desc.output_zero_point = c.output.zero_point;
  desc.output_min = c.output.min;
  desc.output_max = c.output.max;
  const std::vector<uint8_t> expected = c.reference();
  const GuardedRows a = c.make_a(k + kExtraStrides[random.size(0, 5)], side);
  for_each_isa([&] {
    qnnp_operator_t op = nullptr;
    ASSERT_EQ(qnnp_status_success, qnnp_create_fully_connected(&desc, &op));
    GuardedRows out(m, n, n + kExtraStrides[random.size(0, 5)], side);
    ASSERT_EQ(qnnp_status_success, qnnp_setup_fully_connected_nc_q8(op, m, a.data(), a.stride(),
                                                                    out.data(), out.stride()));
    ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op, nullptr));
    expect_dense(expected, out);
    EXPECT_EQ(qnnp_status_success, qnnp_delete_operator(op));
  });
}

TEST(Guard, FullyConnected) {
  QNNP_TRACE_SEED();
  Random random(5);
  for_each_size(1, 70, [&](size_t size) {
    for (Flush side : kFlushes) {
      check_fully_connected(random.size(1, 5), random.size(1, 70), size, random, side);
      check_fully_connected(random.size(1, 5), size, random.size(1, 70), random, side);
    }
  });
}

}  // namespace
}  // namespace test
}  // namespace qnnp
