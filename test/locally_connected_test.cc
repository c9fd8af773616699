// SPDX-License-Identifier: BSD-3-Clause
// Locally connected layers against their definition, a loop over taps with weights of the output
// pixel; every instruction set and pool, types; and what they refuse.
#include <gtest/gtest.h>
#include <qnnpack.h>

#include "harness/draw.h"
#include "harness/guarded_buffer.h"
#include "harness/isa.h"
#include "harness/operator_checks.h"
#include "harness/threads.h"

namespace qnnp {
namespace test {
namespace {

struct Side {
  size_t input;
  uint32_t kernel, stride, dilation, before, after;

  size_t output() const {
    return (before + input + after - ((kernel - 1) * dilation + 1)) / stride + 1;
  }
};

Side draw_side(Random& random) {
  for (;;) {
    const auto draw = [&](size_t low, size_t high) {
      return static_cast<uint32_t>(random.size(low, high));
    };
    const Side s = {random.size(1, 6), draw(1, 4), draw(1, 3), draw(1, 2), draw(0, 2), draw(0, 2)};
    if (s.before + s.input + s.after > (s.kernel - 1) * s.dilation) return s;
  }
}

struct Case {
  Side y, x;
  size_t batch, groups, inputs, outputs;
  uint8_t input_zero_point, kernel_zero_point;
  Output range;
  float input_scale = 0.5f, output_scale = 0.25f;
  std::vector<float> kernel_scales;
  std::vector<uint8_t> input, kernel, expected;
  std::vector<int32_t> bias;

  explicit Case(Random& random)
      : y(draw_side(random)),
        x(draw_side(random)),
        batch(random.size(1, 2)),
        groups(random.size(1, 2)),
        inputs(random.size(1, random.coin() ? 4 : 20)),
        outputs(random.size(1, 18)),
        input_zero_point(draw_zero_point(random)),
        kernel_zero_point(draw_zero_point(random)),
        range(draw_output(random)),
        kernel_scales(groups * outputs),
        input(batch * y.input * x.input * groups * inputs),
        kernel(pixels() * groups * outputs * y.kernel * x.kernel * inputs),
        bias(pixels() * groups * outputs) {
    for (float& scale : kernel_scales) scale = static_cast<float>(random.real(0.0001, 0.01));
    for (int32_t& value : bias) value = static_cast<int32_t>(random.in(0, 20000)) - 10000;
    draw_bytes(random, input);
    draw_bytes(random, kernel);
    for (size_t image = 0; image < batch; image++) {
      for (size_t pixel = 0; pixel < pixels(); pixel++) add_pixel(image, pixel);
    }
  }
  size_t pixels() const { return y.output() * x.output(); }
  size_t channels() const { return groups * outputs; }

  void add_pixel(size_t image, size_t pixel) {
    for (size_t c = 0; c < channels(); c++) {
      const size_t row = pixel * channels() + c;
      const int64_t acc = bias[row] + taps(image, pixel, c / outputs, row);
      const float scale =
          static_cast<float>(double(input_scale) * double(kernel_scales[c]) / double(output_scale));
      expected.push_back(requantize_reference(acc, scale, range));
    }
  }
  int64_t taps(size_t image, size_t pixel, size_t group, size_t row) const {
    int64_t sum = 0;
    for (size_t ky = 0; ky < y.kernel; ky++) {
      for (size_t kx = 0; kx < x.kernel; kx++) {
        const size_t py = pixel / x.output() * y.stride + ky * y.dilation;
        const size_t px = pixel % x.output() * x.stride + kx * x.dilation;
        if (py < y.before || py - y.before >= y.input) continue;
        if (px < x.before || px - x.before >= x.input) continue;
        const size_t at = (image * y.input + py - y.before) * x.input + px - x.before;
        for (size_t in = 0; in < inputs; in++) {
          const size_t weight = ((row * y.kernel + ky) * x.kernel + kx) * inputs + in;
          sum += (int64_t{input[at * groups * inputs + group * inputs + in]} - input_zero_point) *
                 (int64_t{kernel[weight]} - kernel_zero_point);
        }
      }
    }
    return sum;
  }
  qnnp_locally_connected2d_desc desc() const {
    qnnp_locally_connected2d_desc d = QNNP_LOCALLY_CONNECTED2D_DESC_INIT;
    d.input_height = y.input;
    d.input_width = x.input;
    d.input_padding_top = y.before;
    d.input_padding_bottom = y.after;
    d.input_padding_left = x.before;
    d.input_padding_right = x.after;
    d.kernel_height = y.kernel;
    d.kernel_width = x.kernel;
    d.subsampling_height = y.stride;
    d.subsampling_width = x.stride;
    d.dilation_height = y.dilation;
    d.dilation_width = x.dilation;
    d.groups = static_cast<uint32_t>(groups);
    d.group_input_channels = inputs;
    d.group_output_channels = outputs;
    d.input_scale = input_scale;
    d.output_scale = output_scale;
    d.kernel_scales = kernel_scales.data();
    d.kernel = kernel.data();
    d.bias = bias.data();
    d.input_zero_point = input_zero_point;
    d.kernel_zero_point = kernel_zero_point;
    d.output_zero_point = range.zero_point;
    d.output_min = range.min;
    d.output_max = range.max;
    return d;
  }
};

OperatorHandle create(const qnnp_locally_connected2d_desc& desc) {
  return create_operator(
      [&](qnnp_operator_t* out) { return qnnp_create_locally_connected2d(&desc, out); });
}

std::vector<uint8_t> flipped(std::vector<uint8_t> bytes, uint8_t flip) {
  for (uint8_t& byte : bytes) byte ^= flip;
  return bytes;
}

void expect_bytes(qnnp_operator_t op, const Case& c, uint8_t flip, pthreadpool_t pool,
                  Random& random) {
  const Flush flush = random.coin() ? Flush::left : Flush::right;
  const size_t in = c.groups * c.inputs;
  GuardedRows from(c.batch * c.y.input * c.x.input, in, in + random.size(0, 9), flush);
  GuardedRows to(c.batch * c.pixels(), c.channels(), c.channels() + random.size(0, 9), flush);
  from.assign(flipped(c.input, flip));
  ASSERT_EQ(qnnp_status_success,
            qnnp_setup_locally_connected2d(op, c.batch, from.data(), from.stride(), to.data(),
                                           to.stride()))
      << qnnp_get_last_error();
  ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op, pool));
  EXPECT_TRUE(flipped(c.expected, flip) == to.dense());
  EXPECT_TRUE(from.intact() && to.intact());
}

TEST(LocallyConnected, RandomShapes) {
  QNNP_TRACE_SEED();
  Random random(1);
  for (size_t i = 0; i < effort(80); i++) {
    SCOPED_TRACE(i);
    const Case c(random);
    for_each_isa([&] {
      const OperatorHandle op = create(c.desc());
      expect_bytes(op.get(), c, 0, nullptr, random);
      if (i % 8 != 0) return;
      for_each_pool([&](pthreadpool_t pool) { expect_bytes(op.get(), c, 0, pool, random); });
    });
  }
}

TEST(LocallyConnected, SignedBytes) {
  QNNP_TRACE_SEED();
  Random random(2);
  for (size_t i = 0; i < effort(40); i++) {
    const Case c(random);
    const std::vector<uint8_t> kernel = flipped(c.kernel, 0x80);
    qnnp_locally_connected2d_desc d = c.desc();
    d.input_type = d.kernel_type = d.output_type = qnnp_datatype_int8;
    d.kernel = kernel.data();
    d.input_zero_point -= 128;
    d.kernel_zero_point -= 128;
    d.output_zero_point -= 128;
    d.output_min -= 128;
    d.output_max -= 128;
    if (d.output_min == 0 && d.output_max == 0) continue;  // the default: the whole range
    for_each_isa([&] { expect_bytes(create(d).get(), c, 0x80, nullptr, random); });
  }
}

qnnp_locally_connected2d_desc small() {
  static const uint8_t kernel[64] = {1, 2, 3};
  qnnp_locally_connected2d_desc d = QNNP_LOCALLY_CONNECTED2D_DESC_INIT;
  d.input_height = d.input_width = 4;
  d.kernel_height = d.kernel_width = 2;
  d.group_input_channels = d.group_output_channels = 1;
  d.subsampling_height = d.subsampling_width = 2;
  d.input_scale = d.kernel_scale = d.output_scale = 1;
  d.kernel = kernel;
  return d;
}

OperatorKind kind() {
  static std::vector<uint8_t> data(400);
  return {"locally_connected2d_nhwc_q8", "q8conv ", "out-handle",
          [](qnnp_operator_t* out) {
            const qnnp_locally_connected2d_desc d = small();
            return qnnp_create_locally_connected2d(&d, out);
          },
          [](qnnp_operator_t op, size_t batch) {
            uint8_t* p = batch == 0 ? nullptr : data.data();
            return qnnp_setup_locally_connected2d(op, batch, p, batch != 0, p, batch != 0);
          }};
}

TEST(LocallyConnected, LifeCycle) {
  expect_refusals_of_kind(kind());
  expect_empty_batch(kind());
  expect_survives_lack_of_memory(kind().create);
}

TEST(LocallyConnected, RefusesParameters) {
  const auto expect = [](enum qnnp_status status, const char* parameter, const auto& spoil) {
    qnnp_locally_connected2d_desc d = small();
    spoil(d);
    expect_create_refuses(status, parameter, [&](qnnp_operator_t* op) {
      return qnnp_create_locally_connected2d(&d, op);
    });
  };
  constexpr enum qnnp_status kInvalid = qnnp_status_invalid_parameter;
  expect(kInvalid, "struct_size", [](auto& d) { d.struct_size = 0; });
  expect(kInvalid, "input_height", [](auto& d) { d.input_height = 0; });
  expect(kInvalid, "input_width", [](auto& d) { d.input_width = 0; });
  expect(kInvalid, "group_input_channels", [](auto& d) { d.group_input_channels = 0; });
  expect(kInvalid, "group_output_channels", [](auto& d) { d.group_output_channels = 0; });
  expect(kInvalid, "kernel_height", [](auto& d) { d.kernel_height = 5; });
  expect(kInvalid, "kernel_width", [](auto& d) { d.kernel_width = 5; });
  expect(kInvalid, "input_type", [](auto& d) { d.input_type = qnnp_datatype_float32; });
  expect(kInvalid, "input_scale", [](auto& d) { d.input_scale = -1; });
  expect(kInvalid, "kernel is NULL", [](auto& d) { d.kernel = nullptr; });
  expect(qnnp_status_unsupported_parameter, "kernel",
         [](auto& d) { d.group_output_channels = SIZE_MAX / 4; });
  expect(qnnp_status_unsupported_parameter, "kernel",
         [](auto& d) { d.input_height = d.input_width = SIZE_MAX / 4; });
}

TEST(LocallyConnected, RefusesSetup) {
  const OperatorHandle op = create_operator(kind().create);
  uint8_t x[32] = {};
  const auto setup = [&](const uint8_t* in, size_t in_stride, uint8_t* out, size_t out_stride) {
    return qnnp_setup_locally_connected2d(op.get(), 2, in, in_stride, out, out_stride);
  };
  constexpr enum qnnp_status kInvalid = qnnp_status_invalid_parameter;
  expect_refusal(kInvalid, "input is NULL", setup(nullptr, 1, x, 1));
  expect_refusal(kInvalid, "output is NULL", setup(x, 1, nullptr, 1));
  expect_refusal(kInvalid, "input_stride", setup(x, 0, x, 1));
  expect_refusal(kInvalid, "output_stride", setup(x, 1, x, 0));
  expect_refusal(qnnp_status_unsupported_parameter, "input:", setup(x, SIZE_MAX / 4, x, 1));
  expect_refusal(qnnp_status_unsupported_parameter, "output:", setup(x, 1, x, SIZE_MAX / 4));
}

}  // namespace
}  // namespace test
}  // namespace qnnp
