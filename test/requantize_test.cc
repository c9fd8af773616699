// SPDX-License-Identifier: BSD-3-Clause
// Requantization at its edges: the scalar truth and the epilogue of every GEMM and depthwise row,
// against the definition, for accumulators and multipliers where a rounding, a saturation or a
// conversion could differ.
#include <gtest/gtest.h>

#include <cfloat>

#include "harness/guarded_buffer.h"
#include "harness/kernel_matrix.h"
#include "harness/random.h"
#include "harness/requantize_reference.h"
#include "isa/scalar.h"
#include "q8dwconv/pack.h"
#include "q8gemm/pack.h"
#include "q8gemm/q8gemm.h"

namespace qnnp {
namespace test {
namespace {

struct Point {
  int32_t acc;
  float scale;
};

constexpr Output kOutputs[] = {{0, 0, 255},   {255, 0, 255},   {128, 0, 255}, {127, 1, 254},
                               {0, 255, 255}, {255, 0, 0},     {0, 17, 200},  {255, 17, 200},
                               {5, 5, 5},     {100, 101, 102}, {3, 0, 1},     {250, 250, 255}};

// acc * scale lands on n + 0.5, and one step of float to either side of it.
void add_ties(std::vector<Point>& points) {
  for (int shift = 1; shift <= 22; shift++) {
    const float scale = std::ldexp(1.0f, -shift);
    for (int half = -521; half <= 521; half += shift < 4 ? 2 : 26) {
      const int32_t acc = half * (1 << (shift - 1));
      for (float s : {std::nextafter(scale, 0.0f), scale, std::nextafter(scale, 1.0f)}) {
        points.push_back({acc, s});
      }
      points.push_back({acc - 1, scale});
      points.push_back({acc + 1, scale});
    }
  }
}

// Accumulators whose conversion to float rounds, and the ends of int32.
void add_edges(std::vector<Point>& points) {
  std::vector<int32_t> accs = {0,
                               1,
                               -1,
                               2,
                               255,
                               256,
                               INT32_MIN,
                               INT32_MAX,
                               INT32_MIN + 1,
                               INT32_MAX - 64,
                               INT32_MAX - 63,
                               INT32_MIN + 64,
                               INT32_MIN + 65};
  for (int bit = 23; bit <= 30; bit++) {
    for (int32_t d : {-65, -64, -33, -32, -17, -16, -9, -8, -5, -4, -3, -2, -1, 0,  1,
                      2,   3,   4,   5,   8,   9,   12, 16, 17, 24, 32, 33, 48, 64, 65}) {
      accs.push_back((1 << bit) + d);
      accs.push_back(-(1 << bit) - d);
    }
  }
  const std::vector<float> scales = {FLT_MIN,
                                     std::nextafter(FLT_MIN, 1.0f),
                                     FLT_MAX,
                                     0x1p-126f / 3,
                                     FLT_TRUE_MIN,
                                     0x1p-149f * 3,
                                     1.0f,
                                     std::nextafter(1.0f, 0.0f),
                                     std::nextafter(1.0f, 2.0f),
                                     0.5f,
                                     0.25f,
                                     0x1p-8f,
                                     0x1p-16f,
                                     0x1p-23f,
                                     0x1p-24f,
                                     0x1p-25f,
                                     0x1p-31f,
                                     0x1.fffffep-24f,
                                     0x1.000002p-24f,
                                     0x1.fffffep-2f,
                                     1.5f,
                                     2.0f,
                                     255.0f,
                                     256.0f,
                                     0x1p10f,
                                     0x1p23f,
                                     0x1p31f,
                                     0x1p64f,
                                     1.0f / 3,
                                     0.1f,
                                     0.7f};
  for (int32_t acc : accs) {
    for (float scale : scales) points.push_back({acc, scale});
  }
}

std::vector<Point> all_points() {
  std::vector<Point> points;
  add_ties(points);
  add_edges(points);
  Random random(1);
  for (size_t i = 0; i < 20000; i++) {
    const int32_t acc = static_cast<int32_t>(random.bits() >> 32) >> random.size(0, 31);
    // Around the range of the output, and anywhere.
    const double near = 300.0 / (1.0 + std::abs(static_cast<double>(acc)));
    const double scale = random.coin() ? near * random.unit() : std::exp2(random.real(-125, 127));
    points.push_back({acc, std::max(static_cast<float>(scale), FLT_MIN)});
  }
  // A part of them on slow processors, from everywhere.
  const size_t count = effort(points.size());
  for (size_t i = 0; i < count; i++) points[i] = points[i * points.size() / count];
  points.resize(count);
  return points;
}

OutputParams params(const Output& output) {
  return output_params(output.zero_point, output.min, output.max);
}

void expect_point(const Point& point, const Output& output, uint8_t actual) {
  ASSERT_EQ(requantize_reference(point.acc, point.scale, output), actual)
      << "accumulator " << point.acc << ", multiplier " << point.scale << ", zero point "
      << int{output.zero_point} << ", range " << int{output.min} << ".." << int{output.max};
}

// The reference itself, where the answer is known: half to even, then clamp.
TEST(Requantize, ReferenceOfKnownValues) {
  const Output output = {100, 0, 255};
  EXPECT_EQ(100, requantize_reference(1, 0.5f, output));
  EXPECT_EQ(102, requantize_reference(3, 0.5f, output));
  EXPECT_EQ(102, requantize_reference(5, 0.5f, output));
  EXPECT_EQ(100, requantize_reference(-1, 0.5f, output));
  EXPECT_EQ(98, requantize_reference(-3, 0.5f, output));
  EXPECT_EQ(255, requantize_reference(INT32_MAX, FLT_MAX, output));
  EXPECT_EQ(0, requantize_reference(INT32_MIN, FLT_MAX, output));
  EXPECT_EQ(100, requantize_reference(INT32_MIN, FLT_MIN, output));
  // 2^24 + 1 is not a float: it becomes 2^24, 2^24 + 3 becomes 2^24 + 4.
  EXPECT_EQ(164, requantize_reference((1 << 24) + 1, 0x1p-18f, output));
  EXPECT_EQ(101, requantize_reference((1 << 24) + 3, 0x1.fffffcp-25f, output));
}

TEST(Requantize, Scalar) {
  QNNP_TRACE_SEED();
  for (const Point& point : all_points()) {
    for (const Output& output : kOutputs) {
      expect_point(point, output, requantize(point.acc, point.scale, params(output)));
      if (HasFatalFailure()) return;
    }
  }
}

// One row of nr columns whose products are zero; their accumulators are written into the packed
// block, so that those which no operator would accept are tried too.
void check_gemm(const GemmKernel& kernel, const Point* points, size_t count) {
  const TileFormat& format = kernel.format;
  const PackShape shape = {format, format.nr, 1, 1};
  const std::vector<uint8_t> weights(format.nr, uint8_t{128});
  std::vector<float> scales(format.nr, 1.0f);
  for (size_t i = 0; i < count; i++) scales[i] = points[i].scale;
  GuardedBuffer<uint8_t> packed(shape.bytes().value(), Flush::right);
  const WeightSource source = {weights.data(), nullptr, scales.data(), 0, 128, 0};
  ASSERT_EQ(qnnp_status_success, pack_weights(shape, source, packed.data()));
  int32_t* bias = reinterpret_cast<int32_t*>(packed.data());
  for (size_t i = 0; i < format.nr; i++) bias[i] = i < count ? points[i].acc : 0;
  const uint8_t a = 0;
  uint8_t c[256];
  for (const Output& output : kOutputs) {
    const Panel panel = {
        packed.data(), packed.size(), format.nr, c, format.nr, row_sum_factor(format.code, 128),
        params(output)};
    kernel.run({panel, 1, &a, 1, 1});
    for (size_t i = 0; i < count; i++) expect_point(points[i], output, c[i]);
  }
}

// The same through one pixel of `block` channels, with biases that packing accepts.
void check_dwconv(const DwconvKernel& kernel, const Point* points, size_t count) {
  const size_t height = max<size_t>(kernel.kernel_height, 1);
  const size_t width = max<size_t>(kernel.kernel_width, 1);
  const DwconvShape shape = {kernel.format, count, height, width};
  const std::vector<uint8_t> weights(count * height * width, uint8_t{128});
  const std::vector<uint8_t> image(count * height * width, uint8_t{0}), zeros(count, uint8_t{0});
  std::vector<float> scales(count);
  std::vector<int32_t> bias(count);
  for (size_t i = 0; i < count; i++) {
    scales[i] = points[i].scale;
    bias[i] = max(points[i].acc, -INT32_MAX);
  }
  GuardedBuffer<uint8_t> packed(shape.bytes().value(), Flush::right);
  const WeightSource source = {weights.data(), bias.data(), scales.data(), 0, 128, 0};
  ASSERT_EQ(qnnp_status_success, pack_dwconv(shape, source, packed.data()));
  const auto extent = [](size_t value) { return static_cast<ptrdiff_t>(value); };
  const ptrdiff_t step = max<ptrdiff_t>(kernel.subsampling_width, 1);
  const DwconvGeometry geometry = {
      extent(height), extent(width), 1,     extent(height), extent(width), 1, step, 1, 1, 0, 0,
      extent(count),  extent(count), count, zeros.data()};
  uint8_t c[256];
  for (const Output& output : kOutputs) {
    kernel.run({&geometry, packed.data(), shape.block_bytes().value(), image.data(), 0, 1, c,
                row_sum_factor(kernel.format.code, 128), params(output)});
    for (size_t i = 0; i < count; i++) expect_point({bias[i], scales[i]}, output, c[i]);
  }
}

// check(kernel, points, count) for all points, size(kernel) at a time.
template <class Kernel, class Size, class Check>
void check_all(const char* family, Span<const Kernel* const> kernels, const Size& size,
               const Check& check) {
  QNNP_TRACE_SEED();
  const std::vector<Point> points = all_points();
  for_each_kernel(family, kernels, [&](const Kernel& kernel) {
    SCOPED_TRACE(kernel.name);
    const size_t step = size(kernel);
    for (size_t i = 0; i < points.size(); i += step) {
      check(kernel, &points[i], min(step, points.size() - i));
      if (::testing::Test::HasFatalFailure()) return;
    }
  });
}

TEST(Requantize, EveryGemmKernel) {
  check_all(
      "q8gemm", q8gemm_kernels(), [](const GemmKernel& kernel) { return size_t{kernel.format.nr}; },
      check_gemm);
}

TEST(Requantize, EveryDepthwiseKernel) {
  check_all(
      "q8dwconv", q8dwconv_kernels(),
      [](const DwconvKernel& kernel) { return size_t{kernel.format.block}; }, check_dwconv);
}

}  // namespace
}  // namespace test
}  // namespace qnnp
