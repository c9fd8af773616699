// SPDX-License-Identifier: BSD-3-Clause
// The proof that accumulators fit: the largest weights and biases that are accepted are computed
// exactly, on every path of convolution and in fully connected; one more is refused, naming the
// channel. Sizes beyond all memory are refused, and nothing large is allocated on the way.
#include <gtest/gtest.h>
#include <qnnpack.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "harness/isa.h"
#include "harness/random.h"
#include "harness/requantize_reference.h"
#include "harness/size_limits.h"

namespace qnnp {
namespace test {
namespace {

enum class Path { fully_connected, pointwise, depthwise, indirect, first_layer };
constexpr Path kPaths[] = {Path::fully_connected, Path::pointwise, Path::depthwise, Path::indirect,
                           Path::first_layer};
constexpr const char* kPathNames[] = {"fully connected", "pointwise", "depthwise", "indirect",
                                      "first layer"};

// Weights of one output pixel, whatever the path: channels x depth, and an input for every channel
// (depthwise) or one for all.
struct Limit {
  Path path;
  size_t channels, depth;
  uint8_t input_zero_point, kernel_zero_point;
  std::vector<uint8_t> kernel;
  std::vector<int32_t> bias;

  Limit(Path p, Random& random)
      : path(p),
        channels(random.size(2, 40)),
        depth(p == Path::fully_connected || p == Path::pointwise ? random.size(1, 90)
              : p == Path::depthwise                             ? 9
              : p == Path::indirect                              ? 9 * 20
                                                                 : 9 * 3),
        input_zero_point(random.byte()),
        kernel_zero_point(random.byte()),
        kernel(channels * depth),
        bias(channels) {
    random.fill(kernel);
  }

  // |bias| may be this much: 2^31 - 1 - sum |w - w_zero| * max(a_zero, 255 - a_zero).
  int64_t room(size_t channel) const {
    int64_t sum = 0;
    for (size_t i = 0; i < depth; i++) {
      sum += std::abs(kernel[channel * depth + i] - kernel_zero_point);
    }
    return INT32_MAX - sum * std::max<int>(input_zero_point, 255 - input_zero_point);
  }

  qnnp_convolution2d_desc convolution() const {
    qnnp_convolution2d_desc d = QNNP_CONVOLUTION2D_DESC_INIT;
    const bool window = path != Path::pointwise;
    d.kernel_height = d.kernel_width = window ? 3 : 1;
    d.groups = path == Path::depthwise ? static_cast<uint32_t>(channels) : 1;
    d.group_input_channels = depth / (window ? 9 : 1);
    d.group_output_channels = path == Path::depthwise ? 1 : channels;
    d.input_zero_point = input_zero_point;
    d.kernel_zero_point = kernel_zero_point;
    d.output_zero_point = 128;
    d.input_scale = d.output_scale = 1.0f;
    d.kernel_scale = 0x1p-24f;
    d.kernel = kernel.data();
    d.bias = bias.data();
    return d;
  }

  enum qnnp_status create(qnnp_operator_t* op) const {
    const qnnp_convolution2d_desc d = convolution();
    if (path != Path::fully_connected) return qnnp_create_convolution2d(&d, op);
    return qnnp_create_fully_connected_nc_q8(depth, channels, input_zero_point, 1.0f,
                                             kernel_zero_point, 0x1p-24f, kernel.data(),
                                             bias.data(), 128, 1.0f, 0, 255, 0, op);
  }

  // The output of `channel` for the input that pushes its accumulator farthest up or down.
  uint8_t run_extreme(qnnp_operator_t op, size_t channel, bool up) const {
    const size_t inputs = path == Path::depthwise ? channels : 1;
    std::vector<uint8_t> input(depth * inputs), output(channels);
    for (size_t i = 0; i < depth; i++) {
      const bool positive = kernel[channel * depth + i] >= kernel_zero_point;
      for (size_t j = 0; j < inputs; j++) input[i * inputs + j] = positive == up ? 255 : 0;
    }
    const size_t stride = path == Path::depthwise ? channels : depth / 9;
    EXPECT_EQ(
        qnnp_status_success,
        path == Path::fully_connected
            ? qnnp_setup_fully_connected_nc_q8(op, 1, input.data(), depth, output.data(), channels)
        : path == Path::pointwise
            ? qnnp_setup_convolution2d_nhwc_q8(op, 1, 1, 1, input.data(), depth, output.data(),
                                               channels, nullptr)
            : qnnp_setup_convolution2d_nhwc_q8(op, 1, 3, 3, input.data(), stride, output.data(),
                                               channels, nullptr));
    EXPECT_EQ(qnnp_status_success, qnnp_run_operator(op, nullptr));
    return output[channel];
  }
  uint8_t expected_extreme(size_t channel, bool up) const {
    int64_t sum = bias[channel];
    for (size_t i = 0; i < depth; i++) {
      const int w = kernel[channel * depth + i] - kernel_zero_point;
      sum += w * int64_t{((w >= 0) == up ? 255 : 0) - input_zero_point};
    }
    return requantize_reference(sum, 0x1p-24f, {128, 0, 255});
  }
};

void expect_channel_refused(const Limit& limit, size_t channel, int64_t reach) {
  int object = 0;
  qnnp_operator_t op = reinterpret_cast<qnnp_operator_t>(&object);
  EXPECT_EQ(qnnp_status_unsupported_parameter, limit.create(&op));
  EXPECT_EQ(nullptr, op);
  const std::string message = qnnp_get_last_error();
  EXPECT_NE(std::string::npos, message.find("output channel " + std::to_string(channel) + " "))
      << message;
  EXPECT_NE(std::string::npos, message.find(std::to_string(reach))) << message;
}

void check_bias(Limit limit, Random& random) {
  const size_t channel = random.size(0, limit.channels - 1);
  const bool up = random.coin();
  const int64_t room = limit.room(channel), sign = up ? 1 : -1;
  ASSERT_GT(room, 0);
  limit.bias[channel] = static_cast<int32_t>(sign * room);
  qnnp_operator_t op = nullptr;
  ASSERT_EQ(qnnp_status_success, limit.create(&op)) << qnnp_get_last_error();
  for (bool direction : {up, !up}) {
    EXPECT_EQ(limit.expected_extreme(channel, direction),
              limit.run_extreme(op, channel, direction));
  }
  EXPECT_EQ(qnnp_status_success, qnnp_delete_operator(op));
  if (room == INT32_MAX && up) return;  // no larger bias exists
  limit.bias[channel] = static_cast<int32_t>(sign * (room + 1));
  expect_channel_refused(limit, channel, int64_t{INT32_MAX} + 1);
}

TEST(WeightsLimits, LargestBiasOfEveryPath) {
  QNNP_TRACE_SEED();
  for_each_isa([] {
    for (Path path : kPaths) {
      SCOPED_TRACE(kPathNames[static_cast<size_t>(path)]);
      Random random(1);
      for (size_t i = 0; i < effort(100); i++) check_bias(Limit(path, random), random);
    }
  });
}

TEST(WeightsLimits, SmallestBias) {
  Random random(2);
  for (Path path : kPaths) {
    Limit limit(path, random);
    std::fill(limit.kernel.begin(), limit.kernel.end(), limit.kernel_zero_point);
    limit.bias[1] = -INT32_MAX;
    qnnp_operator_t op = nullptr;
    ASSERT_EQ(qnnp_status_success, limit.create(&op)) << qnnp_get_last_error();
    EXPECT_EQ(0, limit.run_extreme(op, 1, true));
    qnnp_delete_operator(op);
    limit.bias[1] = INT32_MIN;
    expect_channel_refused(limit, 1, int64_t{1} << 31);
  }
}

// 33025 products of 255 * 255 leave room for a bias of 33022; 33026 are too many.
TEST(WeightsLimits, DeepestFullProducts) {
  constexpr size_t kDepth = 33025;
  constexpr int32_t kRoom = 33022;
  const std::vector<uint8_t> kernel(kDepth + 1, uint8_t{255}), input(kDepth, uint8_t{255});
  for_each_isa([&] {
    for (int32_t bias : {kRoom, -kRoom, kRoom + 1, -kRoom - 1}) {
      qnnp_operator_t op = nullptr;
      const enum qnnp_status status = qnnp_create_fully_connected_nc_q8(
          kDepth, 1, 0, 1.0f, 0, 0x1p-24f, kernel.data(), &bias, 0, 1.0f, 0, 255, 0, &op);
      if (std::abs(bias) > kRoom) {
        EXPECT_EQ(qnnp_status_unsupported_parameter, status);
        continue;
      }
      ASSERT_EQ(qnnp_status_success, status) << qnnp_get_last_error();
      uint8_t output = 0;
      qnnp_setup_fully_connected_nc_q8(op, 1, input.data(), kDepth, &output, 1);
      EXPECT_EQ(qnnp_status_success, qnnp_run_operator(op, nullptr));
      EXPECT_EQ(requantize_reference(int64_t{kDepth} * 255 * 255 + bias, 0x1p-24f, {0, 0, 255}),
                output);
      qnnp_delete_operator(op);
    }
    qnnp_operator_t op = nullptr;
    EXPECT_EQ(qnnp_status_unsupported_parameter,
              qnnp_create_fully_connected_nc_q8(kDepth + 1, 1, 0, 1.0f, 0, 0x1p-24f, kernel.data(),
                                                nullptr, 0, 1.0f, 0, 255, 0, &op));
  });
}

// Depths beyond any that could be proven by their size: what counts is the weights.
TEST(WeightsLimits, AMillionWeightsOfZero) {
  constexpr size_t kDepth = 1000000;
  const std::vector<uint8_t> kernel(kDepth, uint8_t{77});
  const std::vector<uint8_t> input(kDepth, uint8_t{255});
  for_each_isa([&] {
    const int32_t bias = 55;
    qnnp_operator_t op = nullptr;
    ASSERT_EQ(qnnp_status_success,
              qnnp_create_fully_connected_nc_q8(kDepth, 1, 3, 1.0f, 77, 1.0f, kernel.data(), &bias,
                                                7, 1.0f, 0, 255, 0, &op));
    uint8_t output = 0;
    qnnp_setup_fully_connected_nc_q8(op, 1, input.data(), kDepth, &output, 1);
    EXPECT_EQ(qnnp_status_success, qnnp_run_operator(op, nullptr));
    EXPECT_EQ(62, output);
    qnnp_delete_operator(op);
  });
}

// ---- Sizes beyond all memory

// Is the library's allocator while it lives; refuses what no test needs, and remembers the largest.
class SmallMemory {
 public:
  SmallMemory() { EXPECT_EQ(qnnp_status_success, qnnp_set_allocator(allocate, deallocate, this)); }
  ~SmallMemory() { EXPECT_EQ(qnnp_status_success, qnnp_set_allocator(nullptr, nullptr, nullptr)); }
  SmallMemory(const SmallMemory&) = delete;
  SmallMemory& operator=(const SmallMemory&) = delete;

 private:
  static void* allocate(void*, size_t alignment, size_t size) {
    void* memory = nullptr;
    return size > size_t{1} << 26 || posix_memalign(&memory, alignment, size) != 0 ? nullptr
                                                                                   : memory;
  }
  static void deallocate(void*, void* memory) { free(memory); }
};

// Refused: invalid or unsupported, or more than the allocator has.
void expect_too_large(enum qnnp_status status, qnnp_operator_t op) {
  EXPECT_TRUE(status == qnnp_status_invalid_parameter ||
              status == qnnp_status_unsupported_parameter || status == qnnp_status_out_of_memory)
      << "status " << status;
  EXPECT_EQ(nullptr, op);
  EXPECT_GT(strlen(qnnp_get_last_error()), 20u);
}

constexpr size_t kHugeSizes[] = {size_t{1} << 31,
                                 UINT32_MAX,
                                 power_of_two(32, 29),
                                 power_of_two(40, 30),
                                 power_of_two(59, 27) + 1,
                                 power_of_two(60, 28),
                                 kTopBit - 1,
                                 kTopBit,
                                 SIZE_MAX - 3,
                                 SIZE_MAX};

TEST(WeightsLimits, HugeFullyConnected) {
  const SmallMemory memory;
  const uint8_t kernel = 0;
  for (size_t inputs : kHugeSizes) {
    for (size_t outputs : kHugeSizes) {
      qnnp_operator_t op = nullptr;
      const auto create = [&](size_t k, size_t n) {
        return qnnp_create_fully_connected_nc_q8(k, n, 0, 1.0f, 0, 1.0f, &kernel, nullptr, 0, 1.0f,
                                                 0, 255, 0, &op);
      };
      SCOPED_TRACE(std::to_string(inputs) + " inputs, " + std::to_string(outputs) + " outputs");
      expect_too_large(create(inputs, outputs), op);
      expect_too_large(create(inputs, 1), op);
      expect_too_large(create(1, outputs), op);
    }
  }
}

TEST(WeightsLimits, HugeConvolution) {
  const SmallMemory memory;
  QNNP_TRACE_SEED();
  Random random(3);
  const uint8_t kernel = 0;
  constexpr uint32_t kLargest = UINT32_MAX;
  for (size_t i = 0; i < effort(20000); i++) {
    qnnp_convolution2d_desc d = QNNP_CONVOLUTION2D_DESC_INIT;
    const auto huge = [&] { return random.coin() ? kLargest : 1u << random.size(24, 31); };
    d.group_input_channels = d.group_output_channels = 1;
    // The dimensions that count; at least one of them is huge, the others are 1.
    const size_t which = random.size(1, 31);
    if (which & 1) d.kernel_height = huge();
    if (which & 2) d.kernel_width = huge();
    if (which & 4) d.groups = huge();
    if (which & 8) d.group_input_channels = kHugeSizes[random.size(0, 9)];
    if (which & 16) d.group_output_channels = kHugeSizes[random.size(0, 9)];
    if (random.coin()) d.input_padding_top = d.input_padding_right = huge();
    if (random.coin()) d.dilation_height = d.dilation_width = huge();
    if (random.coin()) d.subsampling_height = d.subsampling_width = huge();
    d.input_scale = d.kernel_scale = d.output_scale = 1;
    d.kernel = &kernel;
    qnnp_operator_t op = nullptr;
    expect_too_large(qnnp_create_convolution2d(&d, &op), op);
  }
}

}  // namespace
}  // namespace test
}  // namespace qnnp
