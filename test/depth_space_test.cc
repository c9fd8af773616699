// SPDX-License-Identifier: BSD-3-Clause
// Depth to space and space to depth: both orders, strides, every instruction set and pool; and what
// they refuse.
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

// One of the two directions.
struct Direction {
  decltype(&qnnp_create_depth_to_space) create;
  decltype(&qnnp_setup_depth_to_space) setup;
  bool widens;
};
constexpr Direction kDirections[] = {
    {qnnp_create_depth_to_space, qnnp_setup_depth_to_space, true},
    {qnnp_create_space_to_depth, qnnp_setup_space_to_depth, false}};
constexpr qnnp_depth_order kOrders[] = {qnnp_depth_order_block_first,
                                        qnnp_depth_order_channel_first};

qnnp_depth_space_desc depth_space_desc(size_t block, size_t channels, qnnp_depth_order order) {
  qnnp_depth_space_desc desc = QNNP_DEPTH_SPACE_DESC_INIT;
  desc.block_size = static_cast<uint32_t>(block);
  desc.channels = channels;
  desc.order = order;
  return desc;
}

OperatorHandle create(const Direction& direction, const qnnp_depth_space_desc& desc) {
  return create_operator([&](qnnp_operator_t* out) { return direction.create(&desc, out); });
}

// height and width are those of the deep image.
struct Shape {
  size_t batch, height, width, block, channels;
};

struct Case {
  Shape s;
  qnnp_depth_order order;
  size_t deep_stride, wide_stride;
  Flush flush;
  std::vector<uint8_t> deep, wide;

  Case(const Shape& shape, qnnp_depth_order depth_order, Random& random)
      : s(shape),
        order(depth_order),
        deep_stride(deep_channels() + (random.coin() ? 0 : random.size(1, 40))),
        wide_stride(s.channels + (random.coin() ? 0 : random.size(1, 40))),
        flush(random.coin() ? Flush::left : Flush::right),
        deep(deep_pixels() * deep_channels()) {
    random.fill(deep);
    for (size_t row = 0; row < s.batch * s.height * s.block; row++) {
      for (size_t x = 0; x < s.width * s.block; x++) {
        const size_t pixel = row / s.block * s.width + x / s.block;
        const size_t v = row % s.block, u = x % s.block;
        for (size_t c = 0; c < s.channels; c++) {
          const size_t channel = order == qnnp_depth_order_block_first
                                     ? (v * s.block + u) * s.channels + c
                                     : (c * s.block + v) * s.block + u;
          wide.push_back(deep[pixel * deep_channels() + channel]);
        }
      }
    }
  }
  size_t deep_channels() const { return s.block * s.block * s.channels; }
  size_t deep_pixels() const { return s.batch * s.height * s.width; }

  void check(const Direction& direction, qnnp_operator_t op, pthreadpool_t pool) const {
    GuardedRows deep_image(deep_pixels(), deep_channels(), deep_stride, flush);
    GuardedRows wide_image(deep_pixels() * s.block * s.block, s.channels, wide_stride, flush);
    GuardedRows& input = direction.widens ? deep_image : wide_image;
    GuardedRows& output = direction.widens ? wide_image : deep_image;
    input.assign(direction.widens ? deep : wide);
    const size_t factor = direction.widens ? 1 : s.block;
    ASSERT_EQ(qnnp_status_success,
              direction.setup(op, s.batch, s.height * factor, s.width * factor, input.data(),
                              input.stride(), output.data(), output.stride()))
        << qnnp_get_last_error();
    ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op, pool));
    EXPECT_TRUE((direction.widens ? wide : deep) == output.dense())
        << s.batch << " x " << s.height << " x " << s.width << " x " << s.channels << ", block "
        << s.block << ", order " << order;
    EXPECT_TRUE(input.intact() && output.intact());
  }
};

void check(const Shape& shape, Random& random) {
  for (qnnp_depth_order order : kOrders) {
    const Case c(shape, order, random);
    const qnnp_depth_space_desc desc = depth_space_desc(shape.block, shape.channels, order);
    for (const Direction& direction : kDirections) {
      for_each_isa([&] {
        const OperatorHandle op = create(direction, desc);
        for_each_pool([&](pthreadpool_t pool) { c.check(direction, op.get(), pool); });
      });
    }
  }
}

TEST(DepthSpace, Shapes) {
  QNNP_TRACE_SEED();
  Random random(1);
  for (size_t repeat = 0; repeat < effort(40); repeat++) {
    check({random.size(1, 3), random.size(1, 4), random.size(1, 4), random.size(1, 4),
           random.coin() ? random.size(1, 4) : random.size(1, 40)},
          random);
  }
}

TEST(DepthSpace, ManyTasks) {
  QNNP_TRACE_SEED();
  Random random(2);
  check({1, 20 + effort(20), 20, 2, 21}, random);
  check({2, 20 + effort(30), 16, 3, 1}, random);
  check({1, 1, 1, 2, 100 + effort(10000)}, random);
}

TEST(DepthSpace, SetupAgainAndClones) {
  QNNP_TRACE_SEED();
  Random random(3);
  const qnnp_depth_order order = qnnp_depth_order_block_first;
  const Case small({1, 2, 1, 2, 5}, order, random), large({2, 5, 7, 2, 5}, order, random);
  for (const Direction& direction : kDirections) {
    const OperatorHandle op = create(direction, depth_space_desc(2, 5, order));
    qnnp_operator_t copy = nullptr;
    ASSERT_EQ(qnnp_status_success, qnnp_clone_operator(op.get(), &copy));
    const OperatorHandle clone(copy);
    small.check(direction, op.get(), nullptr);
    large.check(direction, clone.get(), nullptr);
    large.check(direction, op.get(), nullptr);
    small.check(direction, op.get(), nullptr);
  }
}

OperatorKind kind(const Direction& direction) {
  static std::vector<uint8_t> data(72), output(72);
  return {direction.widens ? "depth_to_space_nhwc_x8" : "space_to_depth_nhwc_x8", "x8transpose ",
          "out-handle",
          [=](qnnp_operator_t* out) {
            const auto desc = depth_space_desc(2, 3, qnnp_depth_order_block_first);
            return direction.create(&desc, out);
          },
          [=](qnnp_operator_t op, size_t batch) {
            const size_t deep = batch == 0 ? 0 : 12, wide = batch == 0 ? 0 : 3;
            const size_t size = batch == 0 ? 0 : direction.widens ? 1 : 2;
            return direction.setup(op, batch, size, size, batch == 0 ? nullptr : data.data(),
                                   direction.widens ? deep : wide,
                                   batch == 0 ? nullptr : output.data(),
                                   direction.widens ? wide : deep);
          }};
}

TEST(DepthSpace, LifeCycle) {
  for (const Direction& direction : kDirections) {
    expect_refusals_of_kind(kind(direction));
    expect_empty_batch(kind(direction));
    expect_description(kind(direction), 12, 12);
    expect_survives_lack_of_memory(kind(direction).create);
  }
}

template <class Change>
void expect_refused(enum qnnp_status status, const char* parameter, Change change) {
  for (const Direction& direction : kDirections) {
    qnnp_depth_space_desc desc = depth_space_desc(2, 3, qnnp_depth_order_block_first);
    change(desc);
    expect_create_refuses(status, parameter,
                          [&](qnnp_operator_t* out) { return direction.create(&desc, out); });
  }
}

TEST(DepthSpace, RefusesParameters) {
  const auto invalid = qnnp_status_invalid_parameter;
  using Desc = qnnp_depth_space_desc;
  expect_refused(invalid, "struct_size", [](Desc& d) { d.struct_size = 0; });
  expect_refused(invalid, "channels", [](Desc& d) { d.channels = 0; });
  expect_refused(invalid, "order", [](Desc& d) { d.order = static_cast<qnnp_depth_order>(2); });
  expect_refused(invalid, "flags", [](Desc& d) { d.flags = 2; });
  expect_refused(qnnp_status_unsupported_parameter, "block_size", [](Desc& d) {
    d.block_size = 65536;
    d.channels = kRoot;
  });
  for (const Direction& direction : kDirections) {
    expect_create_refuses(invalid, "desc is NULL",
                          [&](qnnp_operator_t* out) { return direction.create(nullptr, out); });
  }
}

TEST(DepthSpace, RefusesSetup) {
  const auto invalid = qnnp_status_invalid_parameter;
  const auto unsupported = qnnp_status_unsupported_parameter;
  const size_t huge = SIZE_MAX / 8;
  std::vector<uint8_t> x(200), y(200);
  for (const Direction& direction : kDirections) {
    const OperatorHandle op =
        create(direction, depth_space_desc(2, 3, qnnp_depth_order_block_first));
    const size_t in = direction.widens ? 12 : 3, out = direction.widens ? 3 : 12;
    const auto setup = [&](size_t height, size_t width, const uint8_t* input, size_t in_stride,
                           uint8_t* output, size_t out_stride) {
      return direction.setup(op.get(), 1, height, width, input, in_stride, output, out_stride);
    };
    expect_refusal(invalid, "input_height", setup(0, 2, x.data(), in, y.data(), out));
    expect_refusal(invalid, "input_width", setup(2, 0, x.data(), in, y.data(), out));
    expect_refusal(invalid, "input is NULL", setup(2, 2, nullptr, in, y.data(), out));
    expect_refusal(invalid, "output is NULL", setup(2, 2, x.data(), in, nullptr, out));
    expect_refusal(invalid, "input_stride", setup(2, 2, x.data(), in - 1, y.data(), out));
    expect_refusal(invalid, "output_stride", setup(2, 2, x.data(), in, y.data(), out - 1));
    expect_refusal(unsupported, "input:", setup(8, 8, x.data(), huge, y.data(), out));
    expect_refusal(unsupported, "output:", setup(8, 8, x.data(), in, y.data(), huge));
    expect_refusal(unsupported, "input:", setup(kQuarter, 8, x.data(), in, y.data(), out));
    if (direction.widens) continue;
    expect_refusal(invalid, "input_height is 3", setup(3, 2, x.data(), in, y.data(), out));
    expect_refusal(invalid, "input_width is 5", setup(2, 5, x.data(), in, y.data(), out));
  }
}

}  // namespace
}  // namespace test
}  // namespace qnnp
