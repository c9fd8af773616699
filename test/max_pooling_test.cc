// SPDX-License-Identifier: BSD-3-Clause
// The max pooling operator against its definition, a loop over taps: every instruction set and
// pool, padding, dilation, strides; and what it refuses.
#include <gtest/gtest.h>

#include "harness/draw.h"
#include "harness/guarded_buffer.h"
#include "harness/isa.h"
#include "harness/operator_checks.h"
#include "harness/threads.h"

namespace qnnp {
namespace test {
namespace {

struct Pooling {
  uint32_t top = 0, right = 0, bottom = 0, left = 0;
  uint32_t pooling_height = 2, pooling_width = 3, stride_height = 1, stride_width = 1;
  uint32_t dilation_height = 1, dilation_width = 1;
  size_t channels = 5;
  uint8_t output_min = 0, output_max = 255;
  uint32_t flags = 0;

  enum qnnp_status create(qnnp_operator_t* out) const {
    return qnnp_create_max_pooling2d_nhwc_u8(
        top, right, bottom, left, pooling_height, pooling_width, stride_height, stride_width,
        dilation_height, dilation_width, channels, output_min, output_max, flags, out);
  }
  OperatorHandle create() const {
    return create_operator([this](qnnp_operator_t* out) { return create(out); });
  }
  size_t reach_height() const { return (pooling_height - 1) * dilation_height + 1; }
  size_t reach_width() const { return (pooling_width - 1) * dilation_width + 1; }
  size_t output_height(size_t height) const {
    return (top + height + bottom - reach_height()) / stride_height + 1;
  }
  size_t output_width(size_t width) const {
    return (left + width + right - reach_width()) / stride_width + 1;
  }
};

Pooling draw_pooling(size_t channels, Random& random) {
  Pooling p;
  p.channels = channels;
  for (uint32_t* padding : {&p.top, &p.right, &p.bottom, &p.left}) {
    *padding = static_cast<uint32_t>(random.coin() ? 0 : random.size(0, 4));
  }
  p.pooling_height = static_cast<uint32_t>(random.size(1, 5));
  p.pooling_width = static_cast<uint32_t>(random.size(1, 5));
  p.stride_height = static_cast<uint32_t>(random.size(1, 3));
  p.stride_width = static_cast<uint32_t>(random.size(1, 3));
  p.dilation_height = static_cast<uint32_t>(random.coin() ? 1 : random.size(1, 3));
  p.dilation_width = static_cast<uint32_t>(random.coin() ? 1 : random.size(1, 3));
  if (p.pooling_height * p.pooling_width == 1) p.stride_width = 2;
  const Output output = draw_output(random);
  p.output_min = output.min;
  p.output_max = output.max;
  return p;
}

struct Image {
  size_t batch, height, width;
};

class Case {
 public:
  Case(const Pooling& pooling, const Image& image, Random& random)
      : p_(pooling),
        image_(image),
        input_stride_(p_.channels + (random.coin() ? 0 : random.size(1, 70))),
        output_stride_(p_.channels + (random.coin() ? 0 : random.size(1, 70))),
        flush_(random.coin() ? Flush::left : Flush::right),
        bytes_(image.batch * image.height * image.width * p_.channels) {
    draw_bytes(random, bytes_);
    for (size_t i = 0; i < image.batch; i++) {
      for (size_t y = 0; y < p_.output_height(image.height); y++) {
        for (size_t x = 0; x < p_.output_width(image.width); x++) {
          for (size_t c = 0; c < p_.channels; c++) expected_.push_back(reference(i, y, x, c));
        }
      }
    }
  }

  void check(qnnp_operator_t op, pthreadpool_t pool) const {
    GuardedRows input(bytes_.size() / p_.channels, p_.channels, input_stride_, flush_);
    GuardedRows output(expected_.size() / p_.channels, p_.channels, output_stride_, flush_);
    input.assign(bytes_);
    ASSERT_EQ(qnnp_status_success, qnnp_setup_max_pooling2d_nhwc_u8(
                                       op, image_.batch, image_.height, image_.width, input.data(),
                                       input.stride(), output.data(), output.stride(), pool))
        << qnnp_get_last_error();
    ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op, pool));
    EXPECT_TRUE(expected_ == output.dense()) << image_.batch << " images of " << image_.height
                                             << " x " << image_.width << " x " << p_.channels;
    EXPECT_TRUE(output.intact());
  }

 private:
  // Taps in padding are no candidates.
  uint8_t reference(size_t image, size_t y, size_t x, size_t channel) const {
    int largest = 0;
    for (int64_t ky = 0; ky < p_.pooling_height; ky++) {
      for (int64_t kx = 0; kx < p_.pooling_width; kx++) {
        const int64_t row =
            static_cast<int64_t>(y * p_.stride_height) + ky * p_.dilation_height - p_.top;
        const int64_t col =
            static_cast<int64_t>(x * p_.stride_width) + kx * p_.dilation_width - p_.left;
        if (row < 0 || row >= static_cast<int64_t>(image_.height)) continue;
        if (col < 0 || col >= static_cast<int64_t>(image_.width)) continue;
        const size_t pixel = (image * image_.height + static_cast<size_t>(row)) * image_.width +
                             static_cast<size_t>(col);
        largest = std::max<int>(largest, bytes_[pixel * p_.channels + channel]);
      }
    }
    return static_cast<uint8_t>(std::clamp<int>(largest, p_.output_min, p_.output_max));
  }

  Pooling p_;
  Image image_;
  size_t input_stride_, output_stride_;
  Flush flush_;
  std::vector<uint8_t> bytes_, expected_;
};

bool fits(const Pooling& p, const Image& image) {
  return p.top + image.height + p.bottom >= p.reach_height() &&
         p.left + image.width + p.right >= p.reach_width();
}

void check(const Pooling& pooling, const Image& image, Random& random) {
  const Case c(pooling, image, random);
  for_each_isa([&] {
    const OperatorHandle op = pooling.create();
    for_each_pool([&](pthreadpool_t pool) { c.check(op.get(), pool); });
  });
}

TEST(MaxPooling, Shapes) {
  QNNP_TRACE_SEED();
  Random random(1);
  for (size_t repeat = 0; repeat < effort(70);) {
    const Pooling pooling = draw_pooling(random.size(1, 100), random);
    const Image image = {random.size(1, 3), random.size(1, 10), random.size(1, 10)};
    if (!fits(pooling, image)) continue;
    check(pooling, image, random);
    repeat++;
  }
}

// The two windows that networks have.
TEST(MaxPooling, OfNetworks) {
  QNNP_TRACE_SEED();
  Random random(2);
  for (uint32_t size : {2u, 3u}) {
    for (uint32_t padding : {0u, 1u}) {
      for (size_t channels : {3, 64, 131}) {
        Pooling p;
        p.channels = channels;
        p.pooling_height = p.pooling_width = size;
        p.stride_height = p.stride_width = 2;
        p.top = p.left = p.right = p.bottom = padding;
        check(p, {2, 8, 9}, random);
      }
    }
  }
}

// Cut into pixels, into channels, in the middle of rows.
TEST(MaxPooling, ManyTasks) {
  QNNP_TRACE_SEED();
  Random random(3);
  for (const Image& image : {Image{3, 57, effort(33) + 4}, Image{1, 4, effort(2000) + 4},
                             Image{2, effort(1000) + 4, 4}}) {
    Pooling p = draw_pooling(67, random);
    p.pooling_height = p.pooling_width = 2;
    check(p, image, random);
  }
  Pooling whole;
  whole.channels = 1283;
  whole.pooling_height = 7;
  whole.pooling_width = 9;
  check(whole, {1, 7, 9}, random);
}

// Windows that lie in the padding altogether, on every side, give output_min.
TEST(MaxPooling, PaddingWiderThanTheWindow) {
  QNNP_TRACE_SEED();
  Random random(4);
  for (size_t channels : {1, 31, 64}) {
    Pooling p = draw_pooling(channels, random);
    p.top = p.right = p.bottom = p.left = 13;
    check(p, {2, 3, 2}, random);
  }
  Pooling p;
  p.channels = 1;
  p.pooling_height = p.pooling_width = 2;
  p.left = 2;
  p.output_min = 9;
  const uint8_t input[] = {200, 200};
  uint8_t output[2] = {77, 77};
  const OperatorHandle op = p.create();
  ASSERT_EQ(qnnp_status_success,
            qnnp_setup_max_pooling2d_nhwc_u8(op.get(), 1, 2, 1, input, 1, output, 1, nullptr));
  ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op.get(), nullptr));
  EXPECT_EQ(9, output[0]);
  EXPECT_EQ(200, output[1]);
}

// Dilated taps that jump over the whole image.
TEST(MaxPooling, HugeDilation) {
  QNNP_TRACE_SEED();
  Random random(5);
  Pooling p;
  p.pooling_height = 1;
  p.pooling_width = 2;
  p.dilation_height = UINT32_MAX;  // of a single tap: without effect
  p.dilation_width = 40;
  p.left = 20;
  p.right = 25;
  check(p, {1, 3, 7}, random);
}

TEST(MaxPooling, SetupAgainAndClones) {
  QNNP_TRACE_SEED();
  Random random(6);
  Pooling p = draw_pooling(37, random);
  const Case small(p, {1, 13, 14}, random), large(p, {3, 19, 15}, random);
  const OperatorHandle op = p.create();
  qnnp_operator_t copy = nullptr;
  ASSERT_EQ(qnnp_status_success, qnnp_clone_operator(op.get(), &copy));
  const OperatorHandle clone(copy);
  small.check(op.get(), nullptr);
  large.check(clone.get(), nullptr);
  large.check(op.get(), nullptr);
  small.check(op.get(), nullptr);
}

OperatorKind kind() {
  static std::vector<uint8_t> data(1000), output(1000);
  return {"max_pooling2d_nhwc_u8", "u8maxpool ", "max_pooling_out",
          [](qnnp_operator_t* out) { return Pooling().create(out); },
          [](qnnp_operator_t op, size_t batch) {
            const bool empty = batch == 0;
            return qnnp_setup_max_pooling2d_nhwc_u8(
                op, batch, empty ? 0 : 3, empty ? 0 : 4, empty ? nullptr : data.data(),
                empty ? 0 : 5, empty ? nullptr : output.data(), empty ? 0 : 5, nullptr);
          }};
}

TEST(MaxPooling, LifeCycle) {
  expect_refusals_of_kind(kind());
  expect_empty_batch(kind());
  expect_description(kind(), 3 * 4 * 5, 2 * 2 * 5);
  expect_survives_lack_of_memory(kind().create);
}

template <class Change>
void expect_refused(const char* parameter, Change change) {
  Pooling p;
  change(p);
  expect_create_refuses(qnnp_status_invalid_parameter, parameter,
                        [&](qnnp_operator_t* out) { return p.create(out); });
}

TEST(MaxPooling, RefusesParameters) {
  expect_refused("pooling_height", [](Pooling& p) { p.pooling_height = 0; });
  expect_refused("pooling_width", [](Pooling& p) { p.pooling_width = 0; });
  expect_refused("pooling_height", [](Pooling& p) { p.pooling_height = p.pooling_width = 1; });
  expect_refused("stride_height", [](Pooling& p) { p.stride_height = 0; });
  expect_refused("stride_width", [](Pooling& p) { p.stride_width = 0; });
  expect_refused("dilation_height", [](Pooling& p) { p.dilation_height = 0; });
  expect_refused("dilation_width", [](Pooling& p) { p.dilation_width = 0; });
  expect_refused("channels", [](Pooling& p) { p.channels = 0; });
  expect_refused("output_min", [](Pooling& p) { p.output_min = 9, p.output_max = 8; });
  expect_refused("flags", [](Pooling& p) { p.flags = 1; });
  expect_refused("stride_width", [](Pooling& p) { p.stride_width = 0, p.channels = 0; });
  Pooling largest;  // no limit of the window's size
  largest.pooling_height = largest.pooling_width = UINT32_MAX;
  largest.create();
  Pooling single;  // a window of one pixel picks pixels
  single.pooling_height = single.pooling_width = 1;
  single.stride_height = 2;
  single.create();
}

TEST(MaxPooling, RefusesSetup) {
  Pooling p;
  p.left = 1;
  p.dilation_height = 2;
  const OperatorHandle op = p.create();
  std::vector<uint8_t> x(1000), y(1000);
  const auto setup = [&](size_t height, size_t width, const uint8_t* in, size_t in_stride,
                         uint8_t* out, size_t out_stride) {
    return qnnp_setup_max_pooling2d_nhwc_u8(op.get(), 2, height, width, in, in_stride, out,
                                            out_stride, nullptr);
  };
  const auto invalid = qnnp_status_invalid_parameter;
  const auto unsupported = qnnp_status_unsupported_parameter;
  expect_refusal(invalid, "input_height", setup(0, 4, x.data(), 5, y.data(), 5));
  expect_refusal(invalid, "input_width", setup(4, 0, x.data(), 5, y.data(), 5));
  expect_refusal(invalid, "input is NULL", setup(4, 4, nullptr, 5, y.data(), 5));
  expect_refusal(invalid, "output is NULL", setup(4, 4, x.data(), 5, nullptr, 5));
  expect_refusal(invalid, "input_stride", setup(4, 4, x.data(), 4, y.data(), 5));
  expect_refusal(invalid, "output_stride", setup(4, 4, x.data(), 5, y.data(), 4));
  expect_refusal(invalid, "pooling_height", setup(2, 4, x.data(), 5, y.data(), 5));
  expect_refusal(invalid, "pooling_width", setup(4, 1, x.data(), 5, y.data(), 5));
  const size_t huge = SIZE_MAX / 8;
  expect_refusal(unsupported, "input:", setup(4, huge, x.data(), 5, y.data(), 5));
  expect_refusal(unsupported, "input:", setup(4, 4, x.data(), huge, y.data(), 5));
  expect_refusal(unsupported, "output:", setup(4, 4, x.data(), 5, y.data(), huge));
  expect_refusal(unsupported, "input:", setup(SIZE_MAX, 1024, x.data(), 5, y.data(), 5));
  expect_refusal(invalid, "set up", qnnp_run_operator(op.get(), nullptr));
}

}  // namespace
}  // namespace test
}  // namespace qnnp
