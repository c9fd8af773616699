// SPDX-License-Identifier: BSD-3-Clause
// Deconvolution against its definition, which scatters every input pixel over the output: strides,
// adjustment, dilation, groups, types; every instruction set and pool; and what it refuses.
#include <gtest/gtest.h>
#include <qnnpack.h>

#include <cfloat>

#include "harness/draw.h"
#include "harness/guarded_buffer.h"
#include "harness/isa.h"
#include "harness/operator_checks.h"
#include "harness/size_limits.h"
#include "harness/threads.h"

namespace qnnp {
namespace test {
namespace {

// One dimension.
struct Side {
  size_t input;
  uint32_t kernel, stride, dilation, before, after, adjustment;

  size_t reach() const { return stride * (input - 1) + adjustment + (kernel - 1) * dilation + 1; }
  size_t output() const { return reach() - before - after; }
};

Side draw_side(Random& random) {
  Side s = {random.size(1, 6),
            static_cast<uint32_t>(random.size(1, 5)),
            static_cast<uint32_t>(random.size(1, 4)),
            random.coin() ? 1 : static_cast<uint32_t>(random.size(1, 4)),
            0,
            0,
            0};
  if (random.coin()) s.adjustment = static_cast<uint32_t>(random.size(0, s.stride));
  const size_t cut = random.size(0, std::min<size_t>(s.reach() - 1, 5));
  s.before = static_cast<uint32_t>(random.size(0, cut));
  s.after = static_cast<uint32_t>(cut - s.before);
  return s;
}

struct Case {
  Side y, x;
  size_t batch, groups, inputs, outputs;
  uint8_t input_zero_point, kernel_zero_point;
  Output range;
  float input_scale = 0.5f, output_scale = 0.25f;
  std::vector<float> kernel_scales;
  std::vector<uint8_t> input, kernel;
  std::vector<int32_t> bias;
  std::vector<int64_t> sums;  // [batch][height][width][groups * outputs]

  // `both`: input and output channels, drawn if 0.
  Case(const Side& vertical, const Side& horizontal, Random& random, size_t both = 0)
      : y(vertical),
        x(horizontal),
        batch(random.size(1, 2)),
        groups(random.size(1, 3)),
        inputs(both != 0 ? both : random.size(1, random.coin() ? 5 : 40)),
        outputs(both != 0 ? both : random.size(1, 20)),
        input_zero_point(draw_zero_point(random)),
        kernel_zero_point(draw_zero_point(random)),
        range(draw_output(random)),
        kernel_scales(groups * outputs),
        input(batch * y.input * x.input * groups * inputs),
        kernel(groups * inputs * y.kernel * x.kernel * outputs),
        bias(groups * outputs) {
    for (float& scale : kernel_scales) scale = static_cast<float>(random.real(0.0001, 0.01));
    for (int32_t& value : bias) value = static_cast<int32_t>(random.in(0, 20000)) - 10000;
    draw_bytes(random, input);
    draw_bytes(random, kernel);
    scatter();
  }

  size_t channels() const { return groups * outputs; }
  size_t output_pixels() const { return batch * y.output() * x.output(); }

  void scatter() {
    for (size_t i = 0; i < output_pixels(); i++) sums.insert(sums.end(), bias.begin(), bias.end());
    for (size_t image = 0; image < batch; image++) {
      for (size_t iy = 0; iy < y.input; iy++) {
        for (size_t ix = 0; ix < x.input; ix++) scatter_pixel(image, iy, ix);
      }
    }
  }
  void scatter_pixel(size_t image, size_t iy, size_t ix) {
    const uint8_t* pixel = &input[((image * y.input + iy) * x.input + ix) * groups * inputs];
    for (size_t ky = 0; ky < y.kernel; ky++) {
      for (size_t kx = 0; kx < x.kernel; kx++) {
        const size_t oy = iy * y.stride + ky * y.dilation, ox = ix * x.stride + kx * x.dilation;
        if (oy < y.before || oy - y.before >= y.output()) continue;
        if (ox < x.before || ox - x.before >= x.output()) continue;
        int64_t* to =
            &sums[((image * y.output() + oy - y.before) * x.output() + ox - x.before) * channels()];
        add_tap(pixel, ky, kx, to);
      }
    }
  }
  void add_tap(const uint8_t* pixel, size_t ky, size_t kx, int64_t* to) const {
    for (size_t group = 0; group < groups; group++) {
      for (size_t in = 0; in < inputs; in++) {
        const size_t row = ((group * inputs + in) * y.kernel + ky) * x.kernel + kx;
        for (size_t out = 0; out < outputs; out++) {
          to[group * outputs + out] += (int64_t{pixel[group * inputs + in]} - input_zero_point) *
                                       (int64_t{kernel[row * outputs + out]} - kernel_zero_point);
        }
      }
    }
  }

  qnnp_deconvolution2d_desc desc() const {
    qnnp_deconvolution2d_desc d = QNNP_DECONVOLUTION2D_DESC_INIT;
    d.input_padding_top = y.before;
    d.input_padding_bottom = y.after;
    d.input_padding_left = x.before;
    d.input_padding_right = x.after;
    d.adjustment_height = y.adjustment;
    d.adjustment_width = x.adjustment;
    d.kernel_height = y.kernel;
    d.kernel_width = x.kernel;
    d.stride_height = y.stride;
    d.stride_width = x.stride;
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
  std::vector<uint8_t> expected() const {
    std::vector<uint8_t> bytes;
    for (size_t i = 0; i < sums.size(); i++) {
      const double scale =
          double(input_scale) * double(kernel_scales[i % channels()]) / double(output_scale);
      bytes.push_back(requantize_reference(sums[i], static_cast<float>(scale), range));
    }
    return bytes;
  }
};

std::vector<uint8_t> flipped(std::vector<uint8_t> bytes) {
  for (uint8_t& byte : bytes) byte ^= 0x80;
  return bytes;
}

void expect_bytes(qnnp_operator_t op, const Case& c, const std::vector<uint8_t>& input,
                  const std::vector<uint8_t>& expected, pthreadpool_t pool, Random& random) {
  const Flush flush = random.coin() ? Flush::left : Flush::right;
  const size_t in = c.groups * c.inputs;
  const size_t gap = random.size(0, 9), to_gap = random.coin() ? gap : random.size(0, 9);
  GuardedRows from(c.batch * c.y.input * c.x.input, in, in + gap, flush);
  GuardedRows to(c.output_pixels(), c.channels(), c.channels() + to_gap, flush);
  from.assign(input);
  ASSERT_EQ(qnnp_status_success,
            qnnp_setup_deconvolution2d_nhwc_q8(op, c.batch, c.y.input, c.x.input, from.data(),
                                               from.stride(), to.data(), to.stride(), nullptr))
      << qnnp_get_last_error();
  ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op, pool));
  EXPECT_TRUE(expected == to.dense());
  EXPECT_TRUE(from.intact() && to.intact());
}

OperatorHandle create(const qnnp_deconvolution2d_desc& desc) {
  return create_operator(
      [&](qnnp_operator_t* out) { return qnnp_create_deconvolution2d(&desc, out); });
}

void check(const Side& y, const Side& x, uint64_t salt, bool pools, size_t channels = 0) {
  QNNP_TRACE_SEED();
  Random random(salt);
  const Case c(y, x, random, channels);
  const std::vector<uint8_t> expected = c.expected();
  for_each_isa([&] {
    const OperatorHandle op = create(c.desc());
    if (pools) {
      for_each_pool(
          [&](pthreadpool_t pool) { expect_bytes(op.get(), c, c.input, expected, pool, random); });
    } else {
      expect_bytes(op.get(), c, c.input, expected, nullptr, random);
    }
  });
}

TEST(Deconvolution, RandomShapes) {
  Random random(1);
  for (uint64_t i = 0; i < effort(120); i++) {
    SCOPED_TRACE(i);
    const Side y = draw_side(random), x = draw_side(random);
    check(y, x, 1000 + i, i % 8 == 0);
  }
}

TEST(Deconvolution, UpsamplingOfNetworks) {
  const Side two = {9, 3, 2, 1, 1, 1, 1}, four = {5, 4, 2, 1, 1, 1, 0},
             eight = {3, 16, 8, 1, 4, 4, 0};
  check(two, two, 2, true);
  check(four, four, 3, true);
  check(eight, eight, 4, false);
  const Side long_row = {300, 2, 2, 1, 0, 0, 0}, one = {1, 1, 1, 1, 0, 0, 0};
  check(one, long_row, 5, false);
}

// Pixels of one tap: of an input row, an output row leaves out as many bytes as it writes less than
// the pixels of its class would span.
TEST(Deconvolution, GapsOfInputAndOutputCancel) {
  const Side y = {4, 1, 1, 1, 0, 0, 0}, x = {9, 2, 2, 1, 0, 3, 0};
  for (uint64_t i = 0; i < 8; i++) check(y, x, 50 + i, true, 16);
}

// Signed inputs, weights and outputs are the same arithmetic.
TEST(Deconvolution, SignedBytes) {
  QNNP_TRACE_SEED();
  for (uint64_t i = 0; i < effort(40); i++) {
    Random random(100 + i);
    const Side y = draw_side(random), x = draw_side(random);
    const Case c(y, x, random);
    const std::vector<uint8_t> kernel = flipped(c.kernel);
    qnnp_deconvolution2d_desc d = c.desc();
    d.input_type = d.kernel_type = d.output_type = qnnp_datatype_int8;
    d.kernel = kernel.data();
    d.input_zero_point -= 128;
    d.kernel_zero_point -= 128;
    d.output_zero_point -= 128;
    d.output_min -= 128;
    d.output_max -= 128;
    if (d.output_min == 0 && d.output_max == 0) continue;  // the default: the whole range
    for_each_isa([&] {
      expect_bytes(create(d).get(), c, flipped(c.input), flipped(c.expected()), nullptr, random);
    });
  }
}

TEST(Deconvolution, WideOutputs) {
  QNNP_TRACE_SEED();
  for (uint64_t i = 0; i < effort(40); i++) {
    Random random(200 + i);
    const Side y = draw_side(random), x = draw_side(random);
    const Case c(y, x, random);
    for_each_isa([&] {
      qnnp_deconvolution2d_desc d = c.desc();
      d.output_type = qnnp_datatype_int32;
      std::vector<int32_t> sums(c.sums.size());
      std::vector<float> reals(c.sums.size());
      const auto run = [&](void* to) {
        const OperatorHandle op = create(d);
        ASSERT_EQ(qnnp_status_success, qnnp_setup_deconvolution2d(
                                           op.get(), c.batch, c.y.input, c.x.input, c.input.data(),
                                           c.groups * c.inputs, to, c.channels()));
        ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op.get(), nullptr));
      };
      run(sums.data());
      d.output_type = qnnp_datatype_float32;
      run(reals.data());
      for (size_t k = 0; k < sums.size(); k++) {
        ASSERT_EQ(c.sums[k], sums[k]);
        const float scale =
            static_cast<float>(double(c.input_scale) * double(c.kernel_scales[k % c.channels()]));
        ASSERT_EQ(static_cast<float>(c.sums[k]) * scale, reals[k]);
      }
    });
  }
}

const uint8_t kKernel[8] = {1, 2, 3, 4, 5, 6, 7, 8};

struct Positional {
  uint32_t kernel = 1, stride = 1, dilation = 1, groups = 1;
  size_t inputs = 2, outputs = 3;
  float input_scale = 1, kernel_scale = 1, output_scale = 2;
  const uint8_t* weights = kKernel;
  uint8_t output_min = 0, output_max = 255;
  uint32_t flags = 0;

  enum qnnp_status operator()(qnnp_operator_t* out) const {
    return qnnp_create_deconvolution2d_nhwc_q8(0, 0, 0, 0, 0, 0, kernel, kernel, stride, stride,
                                               dilation, dilation, groups, inputs, outputs, 3,
                                               input_scale, 4, kernel_scale, weights, nullptr, 5,
                                               output_scale, output_min, output_max, flags, out);
  }
};

template <class Spoil>
void expect_refused(enum qnnp_status status, const char* parameter, const Spoil& spoil) {
  Positional p;
  spoil(p);
  expect_create_refuses(status, parameter, p);
}

TEST(Deconvolution, RefusesParameters) {
  constexpr enum qnnp_status kInvalid = qnnp_status_invalid_parameter;
  expect_refused(kInvalid, "kernel_height is 0", [](Positional& p) { p.kernel = 0; });
  expect_refused(kInvalid, "stride_height is 0", [](Positional& p) { p.stride = 0; });
  expect_refused(kInvalid, "dilation_height is 0", [](Positional& p) { p.dilation = 0; });
  expect_refused(kInvalid, "groups is 0", [](Positional& p) { p.groups = 0; });
  expect_refused(kInvalid, "group_input_channels", [](Positional& p) { p.inputs = 0; });
  expect_refused(kInvalid, "group_output_channels", [](Positional& p) { p.outputs = 0; });
  for (float bad : {0.0f, -1.0f, FLT_MIN / 2, HUGE_VALF, NAN}) {
    expect_refused(kInvalid, "input_scale", [&](Positional& p) { p.input_scale = bad; });
    expect_refused(kInvalid, "kernel_scale", [&](Positional& p) { p.kernel_scale = bad; });
    expect_refused(kInvalid, "output_scale", [&](Positional& p) { p.output_scale = bad; });
  }
  expect_refused(kInvalid, "output_min", [](Positional& p) {
    p.output_min = 9;
    p.output_max = 8;
  });
  expect_refused(kInvalid, "flags", [](Positional& p) { p.flags = 2; });
  expect_refused(kInvalid, "kernel is NULL", [](Positional& p) { p.weights = nullptr; });
  expect_refused(qnnp_status_unsupported_parameter, "kernel",
                 [](Positional& p) { p.inputs = p.outputs = SIZE_MAX / 2; });
  expect_refused(qnnp_status_unsupported_parameter, "input_scale * kernel_scale",
                 [](Positional& p) { p.input_scale = p.kernel_scale = 0x1p-70f; });
  expect_refused(qnnp_status_unsupported_parameter, "kernel",
                 [](Positional& p) { p.kernel = UINT32_MAX; });
  qnnp_deconvolution2d_desc d = QNNP_DECONVOLUTION2D_DESC_INIT;
  d.input_type = qnnp_datatype_float32;
  d.group_input_channels = d.group_output_channels = 1;
  expect_create_refuses(kInvalid, "input_type",
                        [&](qnnp_operator_t* op) { return qnnp_create_deconvolution2d(&d, op); });
}

OperatorKind kind() {
  static std::vector<uint8_t> data(1000);
  return {"deconvolution2d_nhwc_q8", "q8conv ", "deconvolution_out", Positional(),
          [](qnnp_operator_t op, size_t batch) {
            uint8_t* p = batch == 0 ? nullptr : data.data();
            const size_t size = batch == 0 ? 0 : 4;
            return qnnp_setup_deconvolution2d_nhwc_q8(op, batch, size, size, p, size, p, size,
                                                      nullptr);
          }};
}

TEST(Deconvolution, LifeCycle) {
  expect_refusals_of_kind(kind());
  expect_empty_batch(kind());
  expect_survives_lack_of_memory(kind().create);
}

TEST(Deconvolution, SetupAgainAndClones) {
  QNNP_TRACE_SEED();
  Random random(7);
  Side y = {5, 3, 2, 1, 1, 0, 1}, x = {4, 4, 3, 2, 2, 1, 0};
  const Case c(y, x, random);
  const OperatorHandle op = create(c.desc());
  qnnp_operator_t copy = nullptr;
  ASSERT_EQ(qnnp_status_success, qnnp_clone_operator(op.get(), &copy));
  const OperatorHandle clone(copy);
  expect_bytes(op.get(), c, c.input, c.expected(), nullptr, random);
  Case other = c;
  other.y.input = 2;
  other.input.resize(other.batch * 2 * other.x.input * other.groups * other.inputs);
  other.sums.clear();
  other.scatter();
  expect_bytes(op.get(), other, other.input, other.expected(), nullptr, random);
  expect_bytes(clone.get(), c, c.input, c.expected(), nullptr, random);
}

TEST(Deconvolution, RefusesSetup) {
  qnnp_operator_t made = nullptr;
  ASSERT_EQ(qnnp_status_success,
            qnnp_create_deconvolution2d_nhwc_q8(2, 0, 3, 0, 0, 0, 2, 2, 1, 1, 1, 1, 1, 1, 1, 0, 1,
                                                0, 1, kKernel, nullptr, 0, 1, 0, 255, 0, &made));
  const OperatorHandle op(made);
  uint8_t data[400] = {};
  const auto setup = [&](size_t height, size_t width, const uint8_t* in, size_t in_stride,
                         uint8_t* out, size_t out_stride) {
    return qnnp_setup_deconvolution2d_nhwc_q8(op.get(), 2, height, width, in, in_stride, out,
                                              out_stride, nullptr);
  };
  constexpr enum qnnp_status kInvalid = qnnp_status_invalid_parameter;
  expect_refusal(kInvalid, "input_height", setup(0, 5, data, 1, data, 1));
  expect_refusal(kInvalid, "input_width", setup(9, 0, data, 1, data, 1));
  expect_refusal(kInvalid, "kernel_height", setup(4, 5, data, 1, data, 1));
  expect_refusal(qnnp_status_success, "", setup(5, 5, data, 1, data, 1));
  expect_refusal(kInvalid, "input is NULL", setup(9, 5, nullptr, 1, data, 1));
  expect_refusal(kInvalid, "output is NULL", setup(9, 5, data, 1, nullptr, 1));
  expect_refusal(kInvalid, "input_stride", setup(9, 5, data, 0, data, 1));
  expect_refusal(kInvalid, "output_stride", setup(9, 5, data, 1, data, 0));
  expect_refusal(qnnp_status_unsupported_parameter,
                 "input:", setup(SIZE_MAX / 8, 64, data, 1, data, 1));
  expect_refusal(qnnp_status_unsupported_parameter,
                 "output:", setup(9, 5, data, 1, data, SIZE_MAX / 8));
}

}  // namespace
}  // namespace test
}  // namespace qnnp
