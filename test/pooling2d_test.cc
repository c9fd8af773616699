// SPDX-License-Identifier: BSD-3-Clause
// The long forms of poolings: means and maxima, signed and unsigned, ceil_mode, divisors without
// padding, dilation; against the definition and against real arithmetic.
#include <gtest/gtest.h>

#include <cfloat>
#include <cmath>

#include "harness/definitions.h"
#include "harness/draw.h"
#include "harness/guarded_buffer.h"
#include "harness/isa.h"
#include "harness/operator_checks.h"
#include "harness/signed_desc.h"
#include "harness/threads.h"

namespace qnnp {
namespace test {
namespace {

// The output's size by trying windows one by one: those that end inside the padded input; with
// ceil_mode one more that ends less than a stride beyond it, and then one less if the last begins
// behind the input.
size_t count_windows(size_t input, size_t before, size_t after, size_t reach, size_t stride,
                     bool ceil) {
  const size_t padded = before + input + after;
  size_t count = 0;
  while (count * stride + reach <= padded) count++;
  if (!ceil) return count;
  if (count * stride + reach < padded + stride) count++;
  return count != 0 && (count - 1) * stride >= before + input ? count - 1 : count;
}

struct Geometry {
  int64_t input, before, after, size, stride, dilation;
  size_t outputs(bool ceil) const {
    return count_windows(static_cast<size_t>(input), static_cast<size_t>(before),
                         static_cast<size_t>(after), static_cast<size_t>((size - 1) * dilation + 1),
                         static_cast<size_t>(stride), ceil);
  }
  // Of tap `tap` of window `window`, in the image.
  int64_t at(size_t window, int64_t tap) const {
    return static_cast<int64_t>(window) * stride + tap * dilation - before;
  }
  bool inside(int64_t i) const { return i >= 0 && i < input; }
  bool beyond(int64_t i) const { return i >= input + after; }
};

qnnp_pooling2d_desc draw_desc(size_t channels, bool largest, Random& random) {
  qnnp_pooling2d_desc d = QNNP_POOLING2D_DESC_INIT;
  d.operation = largest ? qnnp_reduction_max : qnnp_reduction_mean;
  d.channels = channels;
  for (uint32_t* padding : {&d.input_padding_top, &d.input_padding_right, &d.input_padding_bottom,
                            &d.input_padding_left}) {
    *padding = static_cast<uint32_t>(random.coin() ? 0 : random.size(0, 3));
  }
  // 0 is the default 1.
  for (uint32_t* size : {&d.pooling_height, &d.stride_width, &d.dilation_height}) {
    *size = static_cast<uint32_t>(random.size(0, 3));
  }
  d.pooling_width = static_cast<uint32_t>(random.size(2, 4));
  d.stride_height = static_cast<uint32_t>(random.size(1, 4));
  d.dilation_width = static_cast<uint32_t>(random.coin() ? 1 : random.size(1, 3));
  d.ceil_mode = random.coin();
  d.exclude_padding = random.coin();
  if (!largest) {
    d.input_scale = static_cast<float>(std::exp2(random.real(-7.9, 7.9)));
    d.output_scale = 1.0f;
    d.input_zero_point = draw_zero_point(random);
    d.output_zero_point = draw_zero_point(random);
  }
  const Output range = draw_output(random);
  if (range.max != 0) {
    d.output_min = range.min;
    d.output_max = range.max;
  }
  return d;
}

int32_t at_least_1(uint32_t value) { return static_cast<int32_t>(std::max(value, 1u)); }

// Unsigned data; the signed ones follow from them.
struct Case {
  Case(const qnnp_pooling2d_desc& desc, size_t images, size_t height, size_t width, Random& random)
      : d(desc),
        batch(images),
        rows{static_cast<int64_t>(height), d.input_padding_top,
             d.input_padding_bottom,       at_least_1(d.pooling_height),
             at_least_1(d.stride_height),  at_least_1(d.dilation_height)},
        cols{static_cast<int64_t>(width), d.input_padding_left,       d.input_padding_right,
             at_least_1(d.pooling_width), at_least_1(d.stride_width), at_least_1(d.dilation_width)},
        output_height(rows.outputs(d.ceil_mode)),
        output_width(cols.outputs(d.ceil_mode)),
        bytes(images * height * width * d.channels) {
    draw_bytes(random, bytes);
    if (output_height * output_width == 0) return;
    for (size_t i = 0; i < batch; i++) {
      for (size_t y = 0; y < output_height; y++) {
        for (size_t x = 0; x < output_width; x++) {
          for (size_t c = 0; c < d.channels; c++) expected.push_back(reference(i, y, x, c));
        }
      }
    }
  }
  Output output() const {
    const bool whole = d.output_min == 0 && d.output_max == 0;
    return {static_cast<uint8_t>(d.output_zero_point), static_cast<uint8_t>(d.output_min),
            static_cast<uint8_t>(whole ? 255 : d.output_max)};
  }
  uint8_t reference(size_t image, size_t y, size_t x, size_t c) const {
    int64_t sum = 0, divisor = 0;
    int largest = 0;
    for (int64_t ky = 0; ky < rows.size; ky++) {
      for (int64_t kx = 0; kx < cols.size; kx++) {
        const int64_t row = rows.at(y, ky), col = cols.at(x, kx);
        const bool inside = rows.inside(row) && cols.inside(col);
        const bool beyond = rows.beyond(row) || cols.beyond(col);
        divisor += d.exclude_padding ? inside : !beyond;
        if (!inside) continue;
        const size_t pixel = (image * static_cast<size_t>(rows.input) + static_cast<size_t>(row)) *
                                 static_cast<size_t>(cols.input) +
                             static_cast<size_t>(col);
        sum += bytes[pixel * d.channels + c] - d.input_zero_point;
        largest = std::max<int>(largest, bytes[pixel * d.channels + c]);
      }
    }
    const Output out = output();
    if (d.operation == qnnp_reduction_max) {
      return static_cast<uint8_t>(std::clamp<int>(largest, out.min, out.max));
    }
    if (divisor == 0) divisor = 1;
    const uint8_t result = requantize_reference(
        sum, mean_scale(d.input_scale, d.output_scale, static_cast<uint64_t>(divisor)), out);
    // Real arithmetic.
    const double real = static_cast<double>(d.input_scale) * static_cast<double>(sum) /
                            static_cast<double>(divisor) / static_cast<double>(d.output_scale) +
                        out.zero_point;
    EXPECT_LE(std::abs(std::clamp<double>(real, out.min, out.max) - result), 0.5 + 0x1p-13);
    return result;
  }

  Flush flush() const { return expected.size() % 2 == 0 ? Flush::left : Flush::right; }
  void check(qnnp_operator_t op, pthreadpool_t pool, uint8_t flip, size_t extra) const {
    GuardedRows input(bytes.size() / d.channels, d.channels, d.channels + extra, flush());
    GuardedRows out(expected.size() / d.channels, d.channels, d.channels + 2 * extra, flush());
    std::vector<uint8_t> data = bytes, wanted = expected;
    for (uint8_t& x : data) x ^= flip;
    for (uint8_t& x : wanted) x ^= flip;
    input.assign(data);
    ASSERT_EQ(qnnp_status_success,
              qnnp_setup_pooling2d(op, batch, static_cast<size_t>(rows.input),
                                   static_cast<size_t>(cols.input), input.data(), input.stride(),
                                   out.data(), out.stride()))
        << qnnp_get_last_error();
    ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op, pool));
    EXPECT_TRUE(wanted == out.dense());
    EXPECT_TRUE(out.intact());
  }

  qnnp_pooling2d_desc d;
  size_t batch;
  Geometry rows, cols;
  size_t output_height, output_width;
  std::vector<uint8_t> bytes, expected;
};

OperatorHandle create(const qnnp_pooling2d_desc& desc) {
  return create_operator([&](qnnp_operator_t* out) { return qnnp_create_pooling2d(&desc, out); });
}

void check_both_types(const Case& c, size_t extra) {
  size_t height = 0, width = 0;
  ASSERT_EQ(qnnp_status_success,
            qnnp_pooling2d_output_size(&c.d, static_cast<size_t>(c.rows.input),
                                       static_cast<size_t>(c.cols.input), &height, &width))
      << qnnp_get_last_error();
  ASSERT_EQ(c.output_height, height);
  ASSERT_EQ(c.output_width, width);
  const bool one_limit = c.d.output_min == 128 && c.d.output_max == 128;  // becomes 0, 0
  for_each_isa([&] {
    const OperatorHandle op = create(c.d), other = create(signed_desc(c.d));
    for_each_pool([&](pthreadpool_t pool) {
      c.check(op.get(), pool, 0, extra);
      if (!one_limit) c.check(other.get(), pool, 0x80, extra);
    });
  });
}

TEST(Pooling2d, Shapes) {
  QNNP_TRACE_SEED();
  Random random(1);
  for (size_t repeat = 0; repeat < effort(80);) {
    const bool largest = repeat % 2 == 0;
    const Case c(draw_desc(random.size(1, 80), largest, random), random.size(1, 2),
                 random.size(1, 9), random.size(1, 9), random);
    if (c.expected.empty()) {
      size_t height, width;
      EXPECT_EQ(qnnp_status_invalid_parameter,
                qnnp_pooling2d_output_size(&c.d, static_cast<size_t>(c.rows.input),
                                           static_cast<size_t>(c.cols.input), &height, &width));
      continue;
    }
    check_both_types(c, random.size(0, 40));
    if (HasFatalFailure()) return;
    repeat++;
  }
}

TEST(Pooling2d, ManyTasks) {
  QNNP_TRACE_SEED();
  Random random(2);
  for (bool largest : {false, true}) {
    qnnp_pooling2d_desc d = draw_desc(70, largest, random);
    d.exclude_padding = d.ceil_mode = true;
    check_both_types(Case(d, 2, effort(40) + 9, 41, random), 3);
    d.channels = 515;
    check_both_types(Case(d, 1, 9, 9, random), 0);
  }
}

struct Sizes {
  size_t input;
  uint32_t padding, window, stride, dilation;
  size_t floor, ceil;
};

// Sizes that PyTorch's and ONNX's documentation and rules give.
TEST(Pooling2d, OutputSizes) {
  for (const Sizes& s : {Sizes{32, 0, 3, 2, 1, 15, 16}, Sizes{112, 0, 3, 2, 1, 55, 56},
                         Sizes{4, 0, 3, 2, 1, 1, 2}, Sizes{7, 1, 3, 2, 1, 4, 4},
                         Sizes{1, 1, 1, 3, 1, 1, 1},  // a window at 3 would begin behind the input
                         Sizes{4, 1, 2, 3, 1, 2, 2}, Sizes{5, 1, 2, 3, 1, 2, 2},
                         Sizes{6, 0, 2, 5, 1, 1, 2}, Sizes{10, 0, 3, 3, 2, 2, 3}}) {
    qnnp_pooling2d_desc d = QNNP_POOLING2D_DESC_INIT;
    d.channels = 1;
    d.operation = qnnp_reduction_max;
    d.input_padding_top = d.input_padding_bottom = s.padding;
    d.pooling_height = s.window;
    d.pooling_width = 2;
    d.stride_height = s.stride;
    d.dilation_height = s.dilation;
    size_t height = 0, width = 0;
    ASSERT_EQ(qnnp_status_success, qnnp_pooling2d_output_size(&d, s.input, 5, &height, &width));
    EXPECT_EQ(s.floor, height) << s.input;
    EXPECT_EQ(4u, width);
    d.ceil_mode = true;
    ASSERT_EQ(qnnp_status_success, qnnp_pooling2d_output_size(&d, s.input, 5, &height, &width));
    EXPECT_EQ(s.ceil, height) << s.input;
  }
}

// An image of 3 x 3 equal pixels, 3 x 3 windows, one row and column of padding before it, and with
// ceil_mode one that counts for nothing behind it.
TEST(Pooling2d, Divisors) {
  qnnp_pooling2d_desc d = QNNP_POOLING2D_DESC_INIT;
  d.channels = 1;
  d.pooling_height = d.pooling_width = 3;
  d.stride_height = d.stride_width = 2;
  d.input_padding_top = d.input_padding_left = 1;
  d.input_scale = d.output_scale = 1.0f;
  const std::vector<uint8_t> input(9, 180);
  uint8_t output[4] = {};
  const auto run = [&] {
    const OperatorHandle op = create(d);
    ASSERT_EQ(qnnp_status_success,
              qnnp_setup_pooling2d(op.get(), 1, 3, 3, input.data(), 1, output, 1));
    ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op.get(), nullptr));
  };
  run();
  EXPECT_EQ(80, output[0]);  // 4 of 9; the only window
  EXPECT_EQ(0, output[1]);
  d.ceil_mode = true;
  run();
  EXPECT_EQ(80, output[0]);
  EXPECT_EQ(120, output[1]);  // 4 of 3 x 2
  EXPECT_EQ(120, output[2]);
  EXPECT_EQ(180, output[3]);
  d.exclude_padding = true;
  run();
  for (uint8_t x : output) EXPECT_EQ(180, x);
}

// Averages without a tap inside are the real value 0.
TEST(Pooling2d, PaddingOnly) {
  qnnp_pooling2d_desc d = QNNP_POOLING2D_DESC_INIT;
  d.channels = 1;
  d.pooling_width = 2;
  d.stride_width = 2;
  d.input_padding_left = 2;
  d.input_scale = d.output_scale = 1.0f;
  d.input_zero_point = 7;
  d.output_zero_point = 33;
  const uint8_t input[2] = {8, 10};
  for (bool exclude : {false, true}) {
    d.exclude_padding = exclude;
    const OperatorHandle op = create(d);
    uint8_t output[2] = {};
    ASSERT_EQ(qnnp_status_success, qnnp_setup_pooling2d(op.get(), 1, 1, 2, input, 1, output, 1));
    ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op.get(), nullptr));
    EXPECT_EQ(33, output[0]);
    EXPECT_EQ(35, output[1]);
  }
}

TEST(Pooling2d, SetupAgainAndClones) {
  QNNP_TRACE_SEED();
  Random random(3);
  for (bool largest : {false, true}) {
    const qnnp_pooling2d_desc d = draw_desc(37, largest, random);
    const Case small(d, 1, 9, 10, random), large(d, 3, 12, 15, random);
    const OperatorHandle op = create(d);
    qnnp_operator_t copy = nullptr;
    ASSERT_EQ(qnnp_status_success, qnnp_clone_operator(op.get(), &copy));
    const OperatorHandle clone(copy);
    small.check(op.get(), nullptr, 0, 1);
    large.check(clone.get(), nullptr, 0, 0);
    large.check(op.get(), nullptr, 0, 2);
    small.check(op.get(), nullptr, 0, 0);
  }
}

qnnp_pooling2d_desc plain(enum qnnp_reduction operation) {
  qnnp_pooling2d_desc d = QNNP_POOLING2D_DESC_INIT;
  d.operation = operation;
  d.channels = 5;
  d.pooling_height = d.pooling_width = 2;
  d.input_scale = d.output_scale = 1.0f;
  return d;
}

OperatorKind kind(enum qnnp_reduction operation) {
  static std::vector<uint8_t> data(1000), output(1000);
  const bool largest = operation == qnnp_reduction_max;
  return {largest ? "max_pooling2d_nhwc_u8" : "average_pooling2d_nhwc_q8",
          largest ? "u8maxpool " : "q8avgpool ", "out-handle",
          [operation](qnnp_operator_t* out) {
            const qnnp_pooling2d_desc d = plain(operation);
            return qnnp_create_pooling2d(&d, out);
          },
          [](qnnp_operator_t op, size_t batch) {
            const bool empty = batch == 0;
            return qnnp_setup_pooling2d(op, batch, empty ? 0 : 3, empty ? 0 : 4,
                                        empty ? nullptr : data.data(), empty ? 0 : 5,
                                        empty ? nullptr : output.data(), empty ? 0 : 5);
          }};
}

TEST(Pooling2d, LifeCycle) {
  for (enum qnnp_reduction operation : {qnnp_reduction_mean, qnnp_reduction_max}) {
    // Handed something else, setup asks for a mean.
    if (operation == qnnp_reduction_mean) expect_refusals_of_kind(kind(operation));
    expect_empty_batch(kind(operation));
    expect_description(kind(operation), 3 * 4 * 5, 2 * 3 * 5);
    expect_survives_lack_of_memory(kind(operation).create);
  }
}

template <class Change>
void expect_refused(enum qnnp_reduction operation, enum qnnp_status status, const char* parameter,
                    Change change) {
  qnnp_pooling2d_desc d = plain(operation);
  change(d);
  expect_create_refuses(status, parameter,
                        [&](qnnp_operator_t* out) { return qnnp_create_pooling2d(&d, out); });
}

TEST(Pooling2d, RefusesParameters) {
  using Desc = qnnp_pooling2d_desc;
  const auto invalid = qnnp_status_invalid_parameter;
  for (enum qnnp_reduction operation : {qnnp_reduction_mean, qnnp_reduction_max}) {
    const auto refused = [=](const char* parameter, auto change) {
      expect_refused(operation, invalid, parameter, change);
    };
    refused("struct_size", [](Desc& d) { d.struct_size--; });
    refused("operation", [](Desc& d) { memset(&d.operation, 1, sizeof(d.operation)); });
    refused("type", [](Desc& d) { d.type = qnnp_datatype_int32; });
    refused("channels", [](Desc& d) { d.channels = 0; });
    refused("pooling_height", [](Desc& d) { d.pooling_height = d.pooling_width = 0; });
    refused("output_min", [](Desc& d) { d.output_min = 9, d.output_max = 8; });
    refused("output_max", [](Desc& d) { d.output_max = 256; });
    refused("output_min", [](Desc& d) { d.type = qnnp_datatype_int8, d.output_min = -129; });
    refused("flags", [](Desc& d) { d.flags = 8; });
  }
  const auto mean = qnnp_reduction_mean;
  expect_refused(mean, invalid, "input_zero_point", [](Desc& d) { d.input_zero_point = -1; });
  expect_refused(mean, invalid, "output_zero_point", [](Desc& d) {
    d.type = qnnp_datatype_int8;
    d.output_zero_point = 128;
  });
  expect_refused(mean, invalid, "input_scale", [](Desc& d) { d.input_scale = 0; });
  expect_refused(mean, invalid, "output_scale", [](Desc& d) { d.output_scale = FLT_MIN / 2; });
  expect_refused(mean, qnnp_status_unsupported_parameter, "input_scale / output_scale",
                 [](Desc& d) { d.input_scale = 256; });
  expect_refused(mean, qnnp_status_unsupported_parameter, "pooling_height * pooling_width",
                 [](Desc& d) { d.pooling_height = d.pooling_width = 4096; });
  expect_create_refuses(invalid, "desc",
                        [](qnnp_operator_t* out) { return qnnp_create_pooling2d(nullptr, out); });
  Desc largest = plain(qnnp_reduction_max);  // scales and zero points are not looked at
  largest.input_scale = -1.0f;
  largest.input_zero_point = 1000;
  create(largest);
}

TEST(Pooling2d, RefusesSizes) {
  qnnp_pooling2d_desc d = plain(qnnp_reduction_mean);
  const auto invalid = qnnp_status_invalid_parameter;
  size_t height = 77, width = 77;
  const auto size = [&](size_t input_height, size_t input_width) {
    return qnnp_pooling2d_output_size(&d, input_height, input_width, &height, &width);
  };
  expect_refusal(invalid, "input_height", size(0, 2));
  expect_refusal(invalid, "input_width", size(2, 0));
  expect_refusal(invalid, "pooling_height", size(1, 2));
  expect_refusal(invalid, "pooling_width", size(2, 1));
  expect_refusal(qnnp_status_unsupported_parameter, "output_height", size(SIZE_MAX, 2));
  expect_refusal(invalid, "output_width", qnnp_pooling2d_output_size(&d, 3, 3, &height, nullptr));
  expect_refusal(invalid, "desc", qnnp_pooling2d_output_size(nullptr, 3, 3, &height, &width));
  d.ceil_mode = true;
  d.pooling_height = 4;
  d.stride_height = 2;
  expect_refusal(invalid, "pooling_height", size(2, 2));  // more than a stride is missing
  EXPECT_EQ(77u, height);
  EXPECT_EQ(77u, width);
  EXPECT_EQ(qnnp_status_success, size(3, 2));
  EXPECT_EQ(1u, height);
}

}  // namespace
}  // namespace test
}  // namespace qnnp
