// SPDX-License-Identifier: BSD-3-Clause
// Convolution and fully connected on float32: bits by definition on every path, instruction set and
// thread pool; accuracy; what is not finite; lack of memory in setup; clones; description; refusals.
#include <gtest/gtest.h>
#include <qnnpack.h>

#include <cmath>
#include <limits>
#include <thread>

#include "harness/dynamic_case.h"
#include "harness/isa.h"
#include "harness/operator_checks.h"
#include "harness/size_limits.h"
#include "harness/threads.h"

namespace qnnp {
namespace test {
namespace {

OperatorHandle create(const DynamicCase& c) {
  const qnnp_convolution2d_desc desc = c.desc();
  return create_operator([&](qnnp_operator_t* to) { return qnnp_create_convolution2d(&desc, to); });
}

enum qnnp_status setup(qnnp_operator_t op, DynamicCase& c, GuardedRows& output) {
  const ConvolutionShape& s = c.shape();
  return qnnp_setup_convolution2d(op, s.batch, s.height, s.width, c.data(), c.input_stride(),
                                  output.data(), c.output_stride());
}

void expect_result(qnnp_operator_t op, DynamicCase& c, const std::vector<uint8_t>& expected,
                   pthreadpool_t pool, Flush flush) {
  GuardedRows output = c.make_output(flush);
  ASSERT_EQ(qnnp_status_success, setup(op, c, output)) << qnnp_get_last_error();
  ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op, pool));
  EXPECT_TRUE(output.intact() && c.input.intact());
  EXPECT_TRUE(expected == output.dense());
}
void expect_result(qnnp_operator_t op, DynamicCase& c, Flush flush) {
  expect_result(op, c, c.reference(), nullptr, flush);
}

void check(const ConvolutionShape& shape, uint64_t salt, bool pools) {
  QNNP_TRACE_SEED();
  Random random(salt);
  const Flush flush = random.coin() ? Flush::left : Flush::right;
  DynamicCase c(shape, random, flush);
  SCOPED_TRACE(shape.text());
  c.expect_accurate();
  const std::vector<uint8_t> expected = c.reference();
  for_each_isa([&] {
    const OperatorHandle op = create(c);
    if (pools) {
      for_each_pool([&](pthreadpool_t pool) { expect_result(op.get(), c, expected, pool, flush); });
    } else {
      expect_result(op.get(), c, expected, nullptr, flush);
    }
  });
}

ConvolutionShape make_shape(uint32_t kernel, uint32_t stride, uint32_t groups, size_t inputs,
                            size_t outputs) {
  ConvolutionShape s;
  s.batch = 3;
  s.height = 5;
  s.width = 6;
  s.kernel_height = s.kernel_width = kernel;
  s.stride_height = s.stride_width = stride;
  s.top = s.right = kernel / 2;
  s.groups = groups;
  s.group_inputs = inputs;
  s.group_outputs = outputs;
  return s;
}

TEST(DynamicQuantization, RandomShapes) {
  Random random(1);
  for (uint64_t i = 0; i < effort(150); i++) {
    ConvolutionShape s = random_shape(random, 200000);
    if (i % 4 == 0) s.batch = random.size(3, 5);
    check(s, 1000 + i, i % 8 == 0);
  }
}

TEST(DynamicQuantization, EveryPath) {
  uint64_t salt = 2000;
  for (uint32_t stride : {1u, 2u}) {
    check(make_shape(3, stride, 33, 1, 1), salt++, true);   // depthwise, 3x3
    check(make_shape(5, stride, 17, 1, 1), salt++, true);   // depthwise
    check(make_shape(3, stride, 1, 3, 24), salt++, true);   // patches
    check(make_shape(3, stride, 2, 17, 20), salt++, true);  // taps
  }
  // Whole tiles of which a tap reads padding: it has the zero point of its image.
  ConvolutionShape wide = make_shape(3, 1, 1, 17, 20);
  wide.top = wide.right = wide.bottom = wide.left = 4;
  check(wide, salt++, true);
  check(make_shape(1, 1, 1, 30, 40), salt++, true);  // pointwise
  check(make_shape(1, 1, 3, 7, 5), salt++, true);
}

// Rows of a fully connected operator each have a range.
TEST(DynamicQuantization, FullyConnected) {
  QNNP_TRACE_SEED();
  Random random(3);
  for (size_t i = 0; i < effort(120); i++) {
    ConvolutionShape s;
    s.batch = random.size(1, 30);
    s.height = s.width = 1;
    s.group_inputs = random.size(1, 120);
    s.group_outputs = random.size(1, 90);
    s.extra_input_stride = random.coin() ? 0 : random.size(1, 9);
    s.extra_output_stride = random.coin() ? 0 : random.size(1, 9);
    const Flush flush = random.coin() ? Flush::left : Flush::right;
    DynamicCase c(s, random, flush);
    SCOPED_TRACE(s.text());
    c.expect_accurate();
    const qnnp_fully_connected_desc desc = c.fully_connected_desc();
    const std::vector<uint8_t> expected = c.reference();
    for_each_isa([&] {
      const OperatorHandle op = create_operator(
          [&](qnnp_operator_t* to) { return qnnp_create_fully_connected(&desc, to); });
      const auto run = [&](pthreadpool_t pool) {
        GuardedRows output = c.make_output(flush);
        ASSERT_EQ(qnnp_status_success,
                  qnnp_setup_fully_connected(op.get(), s.batch, c.data(), c.input_stride(),
                                             output.data(), c.output_stride()));
        ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op.get(), pool));
        ASSERT_TRUE(output.intact());
        ASSERT_TRUE(expected == output.dense());
      };
      if (i % 8 == 0) {
        for_each_pool(run);
      } else {
        run(nullptr);
      }
    });
  }
}

// More pixels than one task takes; the extremes in any of them.
TEST(DynamicQuantization, LargeImages) {
  for (size_t i = 0; i < effort(6); i++) {
    ConvolutionShape s = make_shape(i % 2 == 0 ? 1 : 3, 1, 1, 3, 70);
    s.batch = 2;
    s.height = 31;
    s.width = 17;
    check(s, 4000 + i, true);
  }
}

// An image of a few values, through 1x1 with weights of 1 and no zero point: the quantized values.
std::vector<float> run_identity(std::vector<float> x, size_t images) {
  const uint8_t one = 1;
  qnnp_convolution2d_desc desc = QNNP_CONVOLUTION2D_DESC_INIT;
  desc.input_type = desc.output_type = qnnp_datatype_float32;
  desc.group_input_channels = desc.group_output_channels = 1;
  desc.kernel_scale = 1;
  desc.kernel = &one;
  std::vector<float> y(x.size());
  const OperatorHandle op =
      create_operator([&](qnnp_operator_t* to) { return qnnp_create_convolution2d(&desc, to); });
  EXPECT_EQ(qnnp_status_success, qnnp_setup_convolution2d(op.get(), images, 1, x.size() / images,
                                                          x.data(), 1, y.data(), 1));
  EXPECT_EQ(qnnp_status_success, qnnp_run_operator(op.get(), nullptr));
  return y;
}

// By hand: the examples are exact in fp32.
TEST(DynamicQuantization, KnownValues) {
  ASSERT_EQ(qnnp_status_success, qnnp_initialize());
  using Floats = std::vector<float>;
  // scale 1, zero point 0; halves go to the even side.
  EXPECT_EQ((Floats{255, 0, 0, 2, 2, 254}), run_identity({255, 0, 0.5f, 1.5f, 2.5f, 254.5f}, 1));
  // scale 1, zero point 100.
  EXPECT_EQ((Floats{-100, 155, -2, 2, -98}), run_identity({-100, 155, -1.5f, 1.5f, -98.5f}, 1));
  // low = -127.5: the zero point is 128, and 127.5 is limited to 127.
  EXPECT_EQ((Floats{-128, 127, 1}), run_identity({-127.5f, 127.5f, 1}, 1));
  // Only negative: high is 0. Each image has a range.
  EXPECT_EQ((Floats{-255, -1, 510, 2}), run_identity({-255, -1, 510, 2}, 2));
  EXPECT_EQ((Floats{0, 0, 0}), run_identity({0, -0.0f, 0}, 1));
  // 255 * 2^120: the difference overflows, the scale 2^121 does not; -128 times it does again.
  EXPECT_EQ((Floats{-std::numeric_limits<float>::infinity(), 0x1.fcp+127f, 0}),
            run_identity({-0x1.fep+127f, 0x1.fep+127f, 0x1p+119f}, 1));
  // A range below 255 / 2 of the least denormal: its scale would be 0.
  EXPECT_EQ((Floats{0, 0}), run_identity({0x1p-149f, 0x1p-148f}, 1));
}

// The function that gives scale and zero point alone.
TEST(DynamicQuantization, ChosenForData) {
  QNNP_TRACE_SEED();
  Random random(9);
  for (size_t i = 0; i < effort(100); i++) {
    ConvolutionShape s = make_shape(1, 1, 1, random.size(1, 70), 1);
    s.batch = 1;
    const DynamicCase c(s, random, Flush::right);
    const DynamicQuantization expected = dynamic_quantization(c.values.data(), c.values.size());
    float scale = -1;
    int32_t zero_point = -1000;
    for (enum qnnp_datatype type : {qnnp_datatype_uint8, qnnp_datatype_int8}) {
      ASSERT_EQ(qnnp_status_success, qnnp_choose_quantization(c.values.data(), c.values.size(),
                                                              type, &scale, &zero_point));
      EXPECT_EQ(expected.scale, scale);
      EXPECT_EQ(expected.zero_point, zero_point + (type == qnnp_datatype_int8 ? 128 : 0));
    }
  }
  float scale = 0;
  int32_t zero_point = 0;
  const float x[] = {-1, 0.5f, 50};
  ASSERT_EQ(qnnp_status_success,
            qnnp_choose_quantization(x, 3, qnnp_datatype_int8, &scale, &zero_point));
  EXPECT_TRUE(scale == 0.2f && zero_point == 5 - 128) << scale << ", " << zero_point;
  EXPECT_EQ(qnnp_status_success,
            qnnp_choose_quantization(nullptr, 0, qnnp_datatype_uint8, &scale, &zero_point));
  EXPECT_TRUE(scale == 1 && zero_point == 0) << scale << ", " << zero_point;
}

TEST(DynamicQuantization, ChoiceRefusals) {
  float x[] = {1, 2}, scale = 3;
  int32_t zero_point = 4;
  const auto choose = [&](const float* data, enum qnnp_datatype type, float* a, int32_t* b) {
    return qnnp_choose_quantization(data, 2, type, a, b);
  };
  const auto refused = [](const char* name, enum qnnp_status status) {
    expect_refusal(qnnp_status_invalid_parameter, name, status);
  };
  refused("data", choose(nullptr, qnnp_datatype_uint8, &scale, &zero_point));
  refused("type", choose(x, qnnp_datatype_int32, &scale, &zero_point));
  refused("scale", choose(x, qnnp_datatype_uint8, nullptr, &zero_point));
  refused("zero_point", choose(x, qnnp_datatype_uint8, &scale, nullptr));
  for (float bad : {std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity(),
                    std::numeric_limits<float>::quiet_NaN()}) {
    x[1] = bad;
    refused("data[1]", choose(x, qnnp_datatype_uint8, &scale, &zero_point));
  }
  EXPECT_TRUE(scale == 3 && zero_point == 4);
}

TEST(DynamicQuantization, NotFinite) {
  ASSERT_EQ(qnnp_status_success, qnnp_initialize());
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  // Four images: a NaN is outside the range, and 0.
  const std::vector<float> y =
      run_identity({255, kNan, 3, kInfinity, 1, 2, 1, -kInfinity, kInfinity, -100, 155, 5}, 4);
  EXPECT_EQ((std::vector<float>{255, 0, 3}), std::vector<float>(y.begin(), y.begin() + 3));
  for (size_t i = 3; i < 9; i++) EXPECT_FALSE(std::isfinite(y[i])) << i;
  EXPECT_EQ((std::vector<float>{-100, 155, 5}), std::vector<float>(y.begin() + 9, y.end()));
}

TEST(DynamicQuantization, RepeatedSetupAndEmptyBatches) {
  QNNP_TRACE_SEED();
  for_each_isa([] {
    Random random(5);
    ConvolutionShape s = make_shape(3, 1, 1, 5, 20);
    const DynamicCase first(s, random, Flush::right);
    const OperatorHandle op = create(first);
    for (size_t i = 0; i < 6; i++) {
      s.batch = 1 + i % 3;
      s.height = 3 + i;
      s.width = 9 - i;
      s.extra_input_stride = i % 2 * 3;
      DynamicCase c(s, random, Flush::left);
      c.integers.types = first.integers.types;
      c.integers.kernel = first.integers.kernel;
      c.integers.kernel_zero_point = first.integers.kernel_zero_point;
      c.integers.kernel_scales = first.integers.kernel_scales;
      c.bias = first.bias;
      expect_result(op.get(), c, Flush::left);
      ASSERT_EQ(qnnp_status_success,
                qnnp_setup_convolution2d(op.get(), 0, 0, 0, nullptr, 0, nullptr, 0));
      EXPECT_EQ(qnnp_status_success, qnnp_run_operator(op.get(), nullptr));
      expect_result(op.get(), c, Flush::left);
    }
  });
}

// Values may change between runs; run takes no memory; a setup of the same sizes neither.
TEST(DynamicQuantization, MemoryIsTakenWhereSizesChange) {
  QNNP_TRACE_SEED();
  ASSERT_EQ(qnnp_status_success, qnnp_initialize());
  Random random(6);
  DynamicCase c(make_shape(3, 1, 1, 5, 20), random, Flush::right);
  FailingAllocator allocator(0);
  const OperatorHandle op = create(c);
  GuardedRows output = c.make_output(Flush::right);
  ASSERT_EQ(qnnp_status_success, setup(op.get(), c, output));
  const size_t calls = allocator.calls();
  for (int i = 0; i < 3; i++) {
    ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op.get(), nullptr));
    EXPECT_TRUE(c.reference() == output.dense());
    for (float& value : c.values) value = static_cast<float>(random.real(-i, 5));
    c.write_input();
  }
  expect_result(op.get(), c, Flush::right);
  EXPECT_EQ(calls, allocator.calls());
}

// Without memory for a larger batch, the operator still does what it was set up for.
TEST(DynamicQuantization, SetupSurvivesLackOfMemory) {
  QNNP_TRACE_SEED();
  ASSERT_EQ(qnnp_status_success, qnnp_initialize());
  Random random(7);
  DynamicCase c(make_shape(3, 1, 1, 5, 20), random, Flush::right);
  const qnnp_convolution2d_desc desc = c.desc();
  expect_survives_lack_of_memory(
      [&](qnnp_operator_t* to) { return qnnp_create_convolution2d(&desc, to); });
  size_t needed = 0;
  {
    FailingAllocator allocator(0);
    const OperatorHandle op = create(c);
    expect_result(op.get(), c, Flush::right);
    needed = allocator.calls();
  }
  for (size_t fails_at : {needed, needed + 1, needed + 2}) {
    FailingAllocator allocator(fails_at);
    const OperatorHandle op = create(c);
    GuardedRows output = c.make_output(Flush::right);
    if (fails_at == needed) {
      expect_refusal(qnnp_status_out_of_memory, "quantized input", setup(op.get(), c, output));
      expect_refusal(qnnp_status_invalid_parameter, "set up", qnnp_run_operator(op.get(), nullptr));
      continue;
    }
    ASSERT_EQ(qnnp_status_success, setup(op.get(), c, output));
    const ConvolutionShape& s = c.shape();
    // One image fewer, other addresses: nothing of this may be kept.
    float other = 0;
    expect_refusal(qnnp_status_out_of_memory, "quantized input",
                   qnnp_setup_convolution2d(op.get(), s.batch - 1, s.height, s.width, &other,
                                            s.inputs(), &other, s.outputs()));
    ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op.get(), nullptr));
    EXPECT_TRUE(c.reference() == output.dense());
    expect_result(op.get(), c, Flush::right);
  }
}

// Clones share weights, not the memory of quantized images. Also meaningful under ThreadSanitizer.
TEST(DynamicQuantization, ClonesRunAtTheSameTime) {
  QNNP_TRACE_SEED();
  ASSERT_EQ(qnnp_status_success, qnnp_initialize());
  Random random(8);
  DynamicCase c(make_shape(3, 1, 1, 9, 40), random, Flush::right);
  DynamicCase d(c.shape(), random, Flush::right);
  d.integers.types = c.integers.types;
  d.integers.kernel = c.integers.kernel;
  d.integers.kernel_zero_point = c.integers.kernel_zero_point;
  d.integers.kernel_scales = c.integers.kernel_scales;
  d.bias = c.bias;
  OperatorHandle op = create(c);
  qnnp_operator_t copy = nullptr;
  ASSERT_EQ(qnnp_status_success, qnnp_clone_operator(op.get(), &copy));
  const OperatorHandle clone(copy);
  expect_refusal(qnnp_status_invalid_parameter, "set up", qnnp_run_operator(copy, nullptr));
  const auto work = [](qnnp_operator_t mine, DynamicCase* data) {
    for (int i = 0; i < 20; i++) expect_result(mine, *data, Flush::right);
  };
  std::thread other(work, copy, &d);
  work(op.get(), &c);
  other.join();
  op.reset();
  work(copy, &c);  // weights live on with the last handle
}

TEST(DynamicQuantization, DescribesItself) {
  ASSERT_EQ(qnnp_status_success, qnnp_initialize());
  Random random(9);
  DynamicCase c(make_shape(3, 1, 1, 7, 11), random, Flush::right);
  const ConvolutionShape& s = c.shape();
  const OperatorHandle op = create(c);
  qnnp_operator_info info = {};
  info.struct_size = sizeof(info);
  ASSERT_EQ(qnnp_status_success, qnnp_describe_operator(op.get(), &info));
  EXPECT_EQ(0u, info.input_bytes + info.output_bytes + info.macs);
  expect_result(op.get(), c, Flush::right);
  ASSERT_EQ(qnnp_status_success, qnnp_describe_operator(op.get(), &info));
  const uint64_t outputs = s.batch * s.output_height() * s.output_width() * s.outputs();
  EXPECT_EQ(4 * s.batch * s.height * s.width * s.inputs(), info.input_bytes);
  EXPECT_EQ(4 * outputs, info.output_bytes);
  EXPECT_EQ(outputs * s.depth(), info.macs);
}

// One pixel whose stride a byte tensor could have; more rows than their quantization leaves room for.
TEST(DynamicQuantization, SetupRefusals) {
  QNNP_TRACE_SEED();
  ASSERT_EQ(qnnp_status_success, qnnp_initialize());
  Random random(10);
  ConvolutionShape s;
  s.height = s.width = 1;
  DynamicCase c(s, random, Flush::right);
  GuardedRows output = c.make_output(Flush::right);
  const qnnp_fully_connected_desc desc = c.fully_connected_desc();
  const OperatorHandle convolution = create(c);
  const OperatorHandle fully_connected =
      create_operator([&](qnnp_operator_t* to) { return qnnp_create_fully_connected(&desc, to); });
  const auto bind = [&](bool conv, size_t batch, size_t input_stride, size_t output_stride) {
    return conv ? qnnp_setup_convolution2d(convolution.get(), batch, 1, 1, c.data(), input_stride,
                                           output.data(), output_stride)
                : qnnp_setup_fully_connected(fully_connected.get(), batch, c.data(), input_stride,
                                             output.data(), output_stride);
  };
  for (bool conv : {false, true}) {
    ASSERT_EQ(qnnp_status_success, bind(conv, 1, 1, 1));
    ASSERT_EQ(qnnp_status_success, bind(conv, 1, kQuarter / 4, kQuarter / 4));
    expect_refusal(qnnp_status_unsupported_parameter, "input", bind(conv, 1, kQuarter, 1));
    expect_refusal(qnnp_status_unsupported_parameter, "output", bind(conv, 1, 1, kQuarter));
    expect_refusal(qnnp_status_unsupported_parameter, "quantized", bind(conv, kQuarter / 4, 1, 1));
    const OperatorHandle& op = conv ? convolution : fully_connected;
    ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op.get(), nullptr)) << "as it was before";
    EXPECT_TRUE(c.reference() == output.dense());
  }
}

// 255 * sum |w - kernel_zero_point| is the bound: 33025 * 255 * 255 fits, one more weight does not.
TEST(DynamicQuantization, LargestDepth) {
  ASSERT_EQ(qnnp_status_success, qnnp_initialize());
  qnnp_fully_connected_desc desc = QNNP_FULLY_CONNECTED_DESC_INIT;
  desc.input_type = desc.output_type = qnnp_datatype_float32;
  desc.kernel_type = qnnp_datatype_int8;
  desc.output_channels = 1;
  desc.kernel_scale = 1;
  desc.kernel_zero_point = 127;
  const std::vector<int8_t> kernel(33026, -128);
  desc.kernel = kernel.data();
  for_each_isa([&] {
    desc.input_channels = 33025;
    const OperatorHandle op = create_operator(
        [&](qnnp_operator_t* to) { return qnnp_create_fully_connected(&desc, to); });
    for (float value : {1.0f, -1.0f}) {
      const std::vector<float> x(33025, value * 255);
      float y = 0;
      ASSERT_EQ(qnnp_status_success,
                qnnp_setup_fully_connected(op.get(), 1, x.data(), 33025, &y, 1));
      ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op.get(), nullptr));
      EXPECT_EQ(value * static_cast<float>(-33025 * 255 * 255), y);
    }
    desc.input_channels = 33026;
    expect_create_refuses(
        qnnp_status_unsupported_parameter, "output channel 0",
        [&](qnnp_operator_t* to) { return qnnp_create_fully_connected(&desc, to); });
  });
}

}  // namespace
}  // namespace test
}  // namespace qnnp
