// SPDX-License-Identifier: BSD-3-Clause
// Types of convolution and fully connected: every combination on every path, with one scale and one
// per channel. Signed tensors give the bytes of unsigned ones, XOR 0x80. What describe says of
// them, and what setup refuses of wide elements.
#include <gtest/gtest.h>
#include <qnnpack.h>

#include "harness/convolution_case.h"
#include "harness/gemm_case.h"
#include "harness/isa.h"
#include "harness/operator_checks.h"
#include "harness/size_limits.h"
#include "harness/threads.h"

namespace qnnp {
namespace test {
namespace {

struct Path {
  const char* kernel;  // that describe names
  ConvolutionShape shape;
};

// One shape or more of every path: tails of rows and channels, borders, groups.
std::vector<Path> all_paths() {
  const auto shape = [](uint32_t kernel, uint32_t stride, uint32_t padding, uint32_t groups,
                        size_t inputs, size_t outputs) {
    ConvolutionShape s;
    s.batch = 2;
    s.height = 6;
    s.width = 7;
    s.kernel_height = s.kernel_width = kernel;
    s.stride_height = s.stride_width = stride;
    s.top = s.left = s.right = padding;
    s.groups = groups;
    s.group_inputs = inputs;
    s.group_outputs = outputs;
    s.extra_input_stride = padding;
    s.extra_output_stride = 3;
    return s;
  };
  return {{"q8gemm", shape(1, 1, 0, 1, 19, 37)},  {"q8gemm", shape(1, 1, 0, 3, 8, 17)},
          {"q8conv", shape(3, 1, 1, 1, 18, 33)},  {"q8conv", shape(2, 2, 0, 2, 16, 5)},
          {"q8conv", shape(3, 2, 0, 1, 3, 32)},   {"q8conv", shape(5, 1, 2, 1, 4, 9)},
          {"q8conv", shape(3, 1, 1, 4, 1, 3)},    {"q8dwconv", shape(3, 1, 1, 70, 1, 1)},
          {"q8dwconv", shape(3, 2, 1, 37, 1, 1)}, {"q8dwconv", shape(5, 2, 3, 19, 1, 1)},
          {"q8dwconv", shape(1, 2, 0, 130, 1, 1)}};
}

// One scale for all channels, every other time.
template <class Scales>
bool draw_one_scale(Random& random, Scales& scales) {
  if (random.coin()) return false;
  std::fill(scales.begin(), scales.end(), scales[0]);
  return true;
}

// The path's name is checked, so that no path is tested twice and another not at all.
OperatorHandle create(const ConvolutionCase& c, bool one_scale, const char* kernel) {
  qnnp_convolution2d_desc desc = c.desc();
  if (one_scale) {
    desc.kernel_scales = nullptr;
    desc.kernel_scale = c.kernel_scales[0];
  }
  OperatorHandle op =
      create_operator([&](qnnp_operator_t* to) { return qnnp_create_convolution2d(&desc, to); });
  qnnp_operator_info info = {};
  info.struct_size = sizeof(info);
  EXPECT_EQ(qnnp_status_success, qnnp_describe_operator(op.get(), &info));
  EXPECT_EQ(0, strncmp(info.kernel, kernel, strlen(kernel))) << info.kernel;
  return op;
}

std::vector<uint8_t> run(qnnp_operator_t op, const ConvolutionCase& c, pthreadpool_t pool) {
  GuardedRows output = c.make_output(Flush::right);
  const ConvolutionShape& s = c.shape;
  EXPECT_EQ(
      qnnp_status_success,
      qnnp_setup_convolution2d(op, s.batch, s.height, s.width, c.input->data(), c.input->stride(),
                               output.data(), s.outputs() + s.extra_output_stride))
      << qnnp_get_last_error();
  EXPECT_EQ(qnnp_status_success, qnnp_run_operator(op, pool));
  EXPECT_TRUE(output.intact());
  return output.dense();
}

TEST(ConvolutionTypes, EveryTypeOnEveryPath) {
  QNNP_TRACE_SEED();
  for_each_isa([] {
    Random random(1);
    for (const Path& path : all_paths()) {
      ConvolutionCase c(path.shape, random, random.coin() ? Flush::left : Flush::right);
      const bool one_scale = draw_one_scale(random, c.kernel_scales);
      const std::vector<uint8_t> plain = run(create(c, one_scale, path.kernel).get(), c, nullptr);
      for (size_t number = 0; number < kElementTypes; number++) {
        c.set_types(element_types(number));
        SCOPED_TRACE(c.shape.text() + c.types.text());
        const OperatorHandle op = create(c, one_scale, path.kernel);
        const std::vector<uint8_t> expected = c.reference();
        ASSERT_TRUE(expected == run(op.get(), c, nullptr));
        if (number % 5 == 0) {  // every kind of output
          for_each_pool(
              [&](pthreadpool_t pool) { ASSERT_TRUE(expected == run(op.get(), c, pool)); });
        }
        if (c.types.kind != OutputKind::bytes || c.output.min == c.output.max) continue;
        std::vector<uint8_t> flipped = plain;
        flip_bytes(flipped, c.types.output_flip);
        ASSERT_TRUE(flipped == expected);
      }
    }
  });
}

TEST(ConvolutionTypes, EveryTypeFullyConnected) {
  QNNP_TRACE_SEED();
  for_each_isa([] {
    Random random(2);
    for (size_t number = 0; number < effort(10) * kElementTypes; number++) {
      GemmCase c(random.size(1, 20), random.size(1, 70), random.size(1, 70), random);
      c.set_types(element_types(number % kElementTypes));
      qnnp_fully_connected_desc desc = QNNP_FULLY_CONNECTED_DESC_INIT;
      desc.input_channels = c.k;
      desc.output_channels = c.n;
      desc.input_scale = desc.output_scale = 1.0f;
      if (draw_one_scale(random, c.scales)) {
        desc.kernel_scale = c.scales[0];
      } else {
        desc.kernel_scales = c.scales.data();
      }
      desc.kernel = c.kernel.data();
      desc.bias = c.has_bias ? c.bias.data() : nullptr;
      describe_types(c.types, c.input_zero_point, c.kernel_zero_point, c.output, &desc);
      SCOPED_TRACE(c.text());
      const OperatorHandle op = create_operator(
          [&](qnnp_operator_t* to) { return qnnp_create_fully_connected(&desc, to); });
      const size_t stride = c.n + random.size(0, 9);
      const GuardedRows a = c.make_a(c.k + random.size(0, 9), Flush::right);
      GuardedRows out = c.make_c(stride, Flush::right);
      ASSERT_EQ(qnnp_status_success, qnnp_setup_fully_connected(op.get(), c.m, a.data(), a.stride(),
                                                                out.data(), stride));
      ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op.get(), nullptr));
      ASSERT_TRUE(out.intact());
      ASSERT_TRUE(c.reference() == out.dense());
    }
  });
}

// Accumulators at both ends of int32, which float rounds to 2^31.
TEST(ConvolutionTypes, LargestAccumulators) {
  for_each_isa([] {
    const int8_t kernel[2] = {-128, 127};
    const int8_t input[2] = {-128, -128};
    const int32_t bias[2] = {INT32_MAX - 128 * 255, -INT32_MAX + 127 * 255};
    qnnp_fully_connected_desc desc = QNNP_FULLY_CONNECTED_DESC_INIT;
    desc.input_type = desc.kernel_type = qnnp_datatype_int8;
    desc.input_channels = 1;
    desc.output_channels = 2;
    desc.input_zero_point = 127;
    desc.kernel = kernel;
    desc.bias = bias;
    int32_t sums[2];
    float products[2];
    for (bool wide : {true, false}) {
      desc.output_type = wide ? qnnp_datatype_int32 : qnnp_datatype_float32;
      desc.input_scale = desc.kernel_scale = wide ? 0 : 0.5f;  // accumulators have no scale
      const OperatorHandle op = create_operator(
          [&](qnnp_operator_t* to) { return qnnp_create_fully_connected(&desc, to); });
      void* const output = wide ? static_cast<void*>(sums) : products;
      ASSERT_EQ(qnnp_status_success, qnnp_setup_fully_connected(op.get(), 1, input, 1, output, 2));
      ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op.get(), nullptr));
    }
    EXPECT_EQ(INT32_MAX, sums[0]);
    EXPECT_EQ(-INT32_MAX, sums[1]);
    EXPECT_EQ(0x1p29f, products[0]);
    EXPECT_EQ(-0x1p29f, products[1]);
  });
}

enum qnnp_status setup(qnnp_operator_t op, const ConvolutionCase& c, const void* input,
                       size_t input_stride, void* output, size_t output_stride) {
  return qnnp_setup_convolution2d(op, c.shape.batch, c.shape.height, c.shape.width, input,
                                  input_stride, output, output_stride);
}

// Strides count elements: a quarter of the address space in elements is all of it in bytes.
TEST(ConvolutionTypes, SetupRefusesWhatWideElementsMakeTooLarge) {
  ASSERT_EQ(qnnp_status_success, qnnp_initialize());
  Random random(3);
  for (const Path& path : all_paths()) {
    SCOPED_TRACE(path.shape.text());
    ConvolutionShape s = path.shape;
    s.batch = 1;
    s.height = s.kernel_height;
    s.width = s.kernel_width;
    s.top = s.left = s.right = 0;
    ConvolutionCase c(s, random, Flush::right);
    const size_t bytes = 4 * s.outputs();
    for (size_t number : {0, 8, 12}) {
      c.set_types(element_types(number));
      const OperatorHandle op = create(c, false, path.kernel);
      GuardedRows output = c.make_output(Flush::right);
      const size_t stride = s.outputs() + s.extra_output_stride;
      const void* const input = c.input->data();
      ASSERT_EQ(qnnp_status_success,
                setup(op.get(), c, input, c.input->stride(), output.data(), stride));
      const enum qnnp_status status =
          setup(op.get(), c, input, c.input->stride(), output.data(), kQuarter);
      if (number == 0) {
        EXPECT_EQ(qnnp_status_success, status) << qnnp_get_last_error();
        continue;
      }
      expect_refusal(qnnp_status_unsupported_parameter, "output", status);
      expect_refusal(qnnp_status_unsupported_parameter, TEXT_QUARTER, status);
      ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op.get(), nullptr)) << "as it was before";
      EXPECT_TRUE(c.reference() == output.dense());
      qnnp_operator_info info = {};
      info.struct_size = sizeof(info);
      ASSERT_EQ(qnnp_status_success, qnnp_describe_operator(op.get(), &info));
      EXPECT_EQ(bytes, info.output_bytes);
      EXPECT_EQ(s.height * s.width * s.inputs(), info.input_bytes);
    }
  }
}

}  // namespace
}  // namespace test
}  // namespace qnnp
