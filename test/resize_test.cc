// SPDX-License-Identifier: BSD-3-Clause
// The resize operator: both modes, all coordinates, against the definition with exact fractions;
// every instruction set and pool, strides, int8; and what it refuses.
#include <gtest/gtest.h>

#include "harness/draw.h"
#include "harness/guarded_buffer.h"
#include "harness/isa.h"
#include "harness/operator_checks.h"
#include "harness/resize_definition.h"
#include "harness/size_limits.h"
#include "harness/threads.h"

namespace qnnp {
namespace test {
namespace {

constexpr qnnp_resize_mode kModes[] = {qnnp_resize_nearest, qnnp_resize_bilinear};
constexpr qnnp_resize_coordinates kCoordinates[] = {qnnp_resize_asymmetric, qnnp_resize_half_pixel,
                                                    qnnp_resize_align_corners};

qnnp_resize2d_desc resize_desc(size_t channels, qnnp_resize_mode mode,
                               qnnp_resize_coordinates coordinates, qnnp_datatype type) {
  qnnp_resize2d_desc desc = QNNP_RESIZE2D_DESC_INIT;
  desc.channels = channels;
  desc.mode = mode;
  desc.coordinates = coordinates;
  desc.type = type;
  return desc;
}

OperatorHandle create(const qnnp_resize2d_desc& desc) {
  return create_operator([&](qnnp_operator_t* out) { return qnnp_create_resize2d(&desc, out); });
}

struct Place {
  size_t low, high, nearest;
  double fraction;
};

// In units of 1 / (2 * out), or 1 / (2 * (out - 1)): all rules are integers there.
Place place_of(int64_t i, int64_t in, int64_t out, qnnp_resize_coordinates rule) {
  int64_t unit = 2 * out, x = 2 * i * in;
  if (rule == qnnp_resize_half_pixel) x = (2 * i + 1) * in - out;
  if (rule == qnnp_resize_align_corners) {
    unit = out == 1 ? 2 : 2 * (out - 1);
    x = out == 1 ? 0 : 2 * i * (in - 1);
  }
  x = std::clamp<int64_t>(x, 0, (in - 1) * unit);
  const int64_t low = x / unit;
  const int64_t rounded = rule == qnnp_resize_asymmetric ? low : (x + unit / 2) / unit;
  return {static_cast<size_t>(low), static_cast<size_t>(std::min(low + 1, in - 1)),
          static_cast<size_t>(std::min(rounded, in - 1)),
          static_cast<double>(x % unit) / static_cast<double>(unit)};
}

struct Shape {
  size_t batch, input_height, input_width, output_height, output_width, channels;
};

struct Case {
  Shape s;
  qnnp_resize2d_desc desc;
  size_t input_stride, output_stride;
  Flush flush;
  std::vector<uint8_t> bytes, expected;  // of uint8

  Case(const Shape& shape, const qnnp_resize2d_desc& description, Random& random)
      : s(shape),
        desc(description),
        input_stride(s.channels + (random.coin() ? 0 : random.size(1, 40))),
        output_stride(s.channels + (random.coin() ? 0 : random.size(1, 40))),
        flush(random.coin() ? Flush::left : Flush::right),
        bytes(s.batch * s.input_height * s.input_width * s.channels) {
    draw_bytes(random, bytes);
    for (size_t image = 0; image < s.batch; image++) {
      for (size_t y = 0; y < s.output_height; y++) {
        for (size_t x = 0; x < s.output_width; x++) add_pixel(image, y, x);
      }
    }
  }
  void add_pixel(size_t image, size_t y, size_t x) {
    const auto signed_place = [this](size_t i, size_t in, size_t out) {
      return place_of(static_cast<int64_t>(i), static_cast<int64_t>(in), static_cast<int64_t>(out),
                      desc.coordinates);
    };
    const Place row = signed_place(y, s.input_height, s.output_height);
    const Place column = signed_place(x, s.input_width, s.output_width);
    for (size_t c = 0; c < s.channels; c++) {
      const auto at = [&](size_t v, size_t u) {
        return bytes[((image * s.input_height + v) * s.input_width + u) * s.channels + c];
      };
      if (desc.mode == qnnp_resize_nearest) {
        expected.push_back(at(row.nearest, column.nearest));
        continue;
      }
      const uint8_t p[4] = {at(row.low, column.low), at(row.low, column.high),
                            at(row.high, column.low), at(row.high, column.high)};
      expected.push_back(bilinear_definition(p, row.fraction, column.fraction));
      ASSERT_LE(std::abs(expected.back() - bilinear_real(p, row.fraction, column.fraction)),
                kResizeAccuracy);
    }
  }
  void check(qnnp_operator_t op, pthreadpool_t pool) const {
    const uint8_t flip = desc.type == qnnp_datatype_int8 ? 0x80 : 0;
    std::vector<uint8_t> flipped = bytes, result = expected;
    for (uint8_t& x : flipped) x ^= flip;
    for (uint8_t& x : result) x ^= flip;
    GuardedRows input(s.batch * s.input_height * s.input_width, s.channels, input_stride, flush);
    GuardedRows output(s.batch * s.output_height * s.output_width, s.channels, output_stride,
                       flush);
    input.assign(flipped);
    ASSERT_EQ(qnnp_status_success,
              qnnp_setup_resize2d(op, s.batch, s.input_height, s.input_width, s.output_height,
                                  s.output_width, input.data(), input.stride(), output.data(),
                                  output.stride()))
        << qnnp_get_last_error();
    ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op, pool));
    EXPECT_TRUE(result == output.dense())
        << s.batch << " x " << s.input_height << " x " << s.input_width << " x " << s.channels
        << " to " << s.output_height << " x " << s.output_width << ", mode " << desc.mode
        << ", coordinates " << desc.coordinates;
    EXPECT_TRUE(input.intact() && output.intact());
  }
};

void check(const Shape& shape, Random& random) {
  for (qnnp_resize_mode mode : kModes) {
    for (qnnp_resize_coordinates coordinates : kCoordinates) {
      const qnnp_datatype type = random.coin() ? qnnp_datatype_uint8 : qnnp_datatype_int8;
      const Case c(shape, resize_desc(shape.channels, mode, coordinates, type), random);
      for_each_isa([&] {
        const OperatorHandle op = create(c.desc);
        for_each_pool([&](pthreadpool_t pool) { c.check(op.get(), pool); });
      });
    }
  }
}

TEST(Resize, Shapes) {
  QNNP_TRACE_SEED();
  Random random(1);
  for (size_t repeat = 0; repeat < effort(8); repeat++) {
    check({random.size(1, 2), random.size(1, 9), random.size(1, 9), random.size(1, 20),
           random.size(1, 20), random.coin() ? random.size(1, 9) : random.size(1, 80)},
          random);
  }
}

// Twice, four times, half: fractions that 16 bits are enough for. And as many pixels.
TEST(Resize, UsualFactors) {
  QNNP_TRACE_SEED();
  Random random(2);
  for (size_t channels : {3, 37}) {
    check({1, 6, 5, 12, 10, channels}, random);
    check({1, 6, 5, 24, 20, channels}, random);
    check({1, 6, 8, 3, 4, channels}, random);
    check({1, 4, 5, 4, 5, channels}, random);
    check({1, 5, 3, 9, 5, channels}, random);  // align corners: twice
  }
}

TEST(Resize, ManyTasks) {
  QNNP_TRACE_SEED();
  Random random(3);
  check({2, 9, 7, effort(40), 20, 17}, random);
  check({1, 3, 40, 2, effort(300) + 20, 33}, random);
}

// Byte for byte through the XOR.
TEST(Resize, SignedIsUnsigned) {
  QNNP_TRACE_SEED();
  Random random(4);
  const Shape shape = {1, 5, 4, 11, 7, 19};
  Case c(shape, resize_desc(19, qnnp_resize_bilinear, qnnp_resize_half_pixel, qnnp_datatype_uint8),
         random);
  for (qnnp_datatype type : {qnnp_datatype_uint8, qnnp_datatype_int8}) {
    c.desc.type = type;
    for_each_isa([&] { c.check(create(c.desc).get(), nullptr); });
  }
}

TEST(Resize, SetupAgainAndClones) {
  QNNP_TRACE_SEED();
  Random random(5);
  const auto desc =
      resize_desc(5, qnnp_resize_bilinear, qnnp_resize_align_corners, qnnp_datatype_int8);
  const Case small({1, 3, 2, 5, 5, 5}, desc, random), large({2, 7, 8, 9, 20, 5}, desc, random);
  const OperatorHandle op = create(desc);
  qnnp_operator_t copy = nullptr;
  ASSERT_EQ(qnnp_status_success, qnnp_clone_operator(op.get(), &copy));
  const OperatorHandle clone(copy);
  small.check(op.get(), nullptr);
  small.check(op.get(), nullptr);
  large.check(clone.get(), nullptr);
  large.check(op.get(), nullptr);
  small.check(op.get(), nullptr);
}

enum qnnp_status setup(qnnp_operator_t op, size_t batch, size_t height, size_t width,
                       size_t output_height, size_t output_width) {
  static std::vector<uint8_t> data(1000), output(1000);
  const bool empty = batch == 0;
  return qnnp_setup_resize2d(op, batch, height, width, output_height, output_width,
                             empty ? nullptr : data.data(), empty ? 0 : 5,
                             empty ? nullptr : output.data(), empty ? 0 : 5);
}

OperatorKind kind(qnnp_resize_mode mode) {
  return {"resize2d_nhwc_q8", mode == qnnp_resize_nearest ? "memcpy " : "q8resize ", "out-handle",
          [=](qnnp_operator_t* out) {
            const auto desc = resize_desc(5, mode, qnnp_resize_half_pixel, qnnp_datatype_uint8);
            return qnnp_create_resize2d(&desc, out);
          },
          [](qnnp_operator_t op, size_t batch) {
            const size_t size = batch == 0 ? 0 : 2;
            return setup(op, batch, size, size, size, 2 * size);
          }};
}

TEST(Resize, LifeCycle) {
  for (qnnp_resize_mode mode : kModes) {
    expect_refusals_of_kind(kind(mode));
    expect_empty_batch(kind(mode));
    expect_description(kind(mode), 20, 40);
    expect_survives_lack_of_memory(kind(mode).create);
  }
}

// A setup that gets no memory leaves the operator as it was; one that needs none takes none.
TEST(Resize, SetupWithoutMemory) {
  FailingAllocator allocator(3);
  const OperatorHandle op = create_operator(kind(qnnp_resize_bilinear).create);
  ASSERT_EQ(qnnp_status_success, setup(op.get(), 1, 2, 3, 4, 5));
  expect_refusal(qnnp_status_out_of_memory, "resize", setup(op.get(), 1, 2, 3, 4, 6));
  EXPECT_EQ(qnnp_status_success, setup(op.get(), 2, 2, 3, 4, 5));
  EXPECT_EQ(qnnp_status_success, qnnp_run_operator(op.get(), nullptr));
  EXPECT_EQ(3u, allocator.calls());
}

template <class Change>
void expect_refused(const char* parameter, Change change) {
  auto desc = resize_desc(5, qnnp_resize_bilinear, qnnp_resize_half_pixel, qnnp_datatype_uint8);
  change(desc);
  expect_create_refuses(qnnp_status_invalid_parameter, parameter,
                        [&](qnnp_operator_t* out) { return qnnp_create_resize2d(&desc, out); });
}

TEST(Resize, RefusesParameters) {
  using Desc = qnnp_resize2d_desc;
  expect_refused("struct_size", [](Desc& d) { d.struct_size = 1; });
  expect_refused("channels", [](Desc& d) { d.channels = 0; });
  expect_refused("mode", [](Desc& d) { d.mode = static_cast<qnnp_resize_mode>(2); });
  expect_refused("coordinates",
                 [](Desc& d) { d.coordinates = static_cast<qnnp_resize_coordinates>(3); });
  expect_refused("type", [](Desc& d) { d.type = qnnp_datatype_float16; });
  expect_refused("flags", [](Desc& d) { d.flags = 1; });
  expect_create_refuses(qnnp_status_invalid_parameter, "desc is NULL",
                        [](qnnp_operator_t* out) { return qnnp_create_resize2d(nullptr, out); });
}

TEST(Resize, RefusesSetup) {
  const auto invalid = qnnp_status_invalid_parameter;
  const auto unsupported = qnnp_status_unsupported_parameter;
  const OperatorHandle op = create_operator(kind(qnnp_resize_bilinear).create);
  expect_refusal(invalid, "input_height", setup(op.get(), 1, 0, 2, 2, 2));
  expect_refusal(invalid, "input_width", setup(op.get(), 1, 2, 0, 2, 2));
  expect_refusal(invalid, "output_height", setup(op.get(), 1, 2, 2, 0, 2));
  expect_refusal(invalid, "output_width", setup(op.get(), 1, 2, 2, 2, 0));
  const size_t large = size_t{1} << 31;
  expect_refusal(unsupported, "input_height", setup(op.get(), 1, large, 1, 1, 1));
  expect_refusal(unsupported, "input_width", setup(op.get(), 1, 1, large, 1, 1));
  expect_refusal(unsupported, "output_height", setup(op.get(), 1, 1, 1, large, 1));
  expect_refusal(unsupported, "output_width", setup(op.get(), 1, 1, 1, 1, large));
  expect_refusal(unsupported, "input:", setup(op.get(), kQuarter, 2, 2, 1, 1));
  expect_refusal(unsupported, "output:", setup(op.get(), kQuarter / 5, 1, 1, 2, 2));
  uint8_t x[20] = {}, y[20] = {};
  const auto bind = [&](const uint8_t* in, size_t in_stride, uint8_t* out, size_t out_stride) {
    return qnnp_setup_resize2d(op.get(), 1, 2, 2, 2, 2, in, in_stride, out, out_stride);
  };
  expect_refusal(invalid, "input is NULL", bind(nullptr, 5, y, 5));
  expect_refusal(invalid, "output is NULL", bind(x, 5, nullptr, 5));
  expect_refusal(invalid, "input_stride", bind(x, 4, y, 5));
  expect_refusal(invalid, "output_stride", bind(x, 5, y, 4));
  expect_refusal(unsupported, "input:", bind(x, SIZE_MAX / 4, y, 5));
  expect_refusal(unsupported, "output:", bind(x, 5, y, SIZE_MAX / 4));
}

}  // namespace
}  // namespace test
}  // namespace qnnp
