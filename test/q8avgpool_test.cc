// SPDX-License-Identifier: BSD-3-Clause
// Every row of the two pooling families against the definition.
#include "q8avgpool/q8avgpool.h"

#include <gtest/gtest.h>

#include "harness/definitions.h"
#include "harness/draw.h"
#include "harness/guarded_buffer.h"
#include "harness/kernel_matrix.h"
#include "harness/window_case.h"
#include "q8gavgpool/q8gavgpool.h"

namespace qnnp {
namespace test {
namespace {

float draw_scale(Random& random, size_t area) {
  const double ratio = random.coin() ? 1.0 : std::exp2(random.real(-8, 7.99));
  return mean_scale(static_cast<float>(ratio), 1.0f, area);
}

std::vector<uint8_t> reference(const RowCase& c, const GuardedRows& input, const Mean& mean,
                               const Output& output, size_t first, size_t count) {
  std::vector<uint8_t> result;
  for (size_t column = first; column < first + count; column++) {
    for (size_t channel = 0; channel < c.channels; channel++) {
      int64_t sum = 0;
      c.for_each_tap(column, [&](size_t pixel) {
        sum += (input.at(pixel, channel) ^ mean.flip) - mean.zero_point;
      });
      result.push_back(requantize_reference(sum, mean.scale, output) ^ mean.flip);
    }
  }
  return result;
}

void check_row(const AvgPoolKernel& kernel, const RowCase& c, Random& random) {
  const Output output = draw_output(random);
  const Mean mean = {draw_flip(random), draw_zero_point(random),
                     draw_scale(random, c.pooling_height * c.pooling_width),
                     output_params(output.zero_point, output.min, output.max)};
  for (Flush flush : kFlushes) {
    // A row outside the image may not be read: it is not even there.
    GuardedRows input(c.rows * c.width, c.channels, c.channels + random.size(0, 70), flush);
    std::vector<uint8_t> bytes(c.rows * c.width * c.channels);
    draw_bytes(random, bytes);
    input.assign(bytes);
    const size_t first = random.size(0, c.outputs() - 1);
    const size_t count = random.size(1, c.outputs() - first);
    GuardedRows out(count, c.channels, c.channels + random.size(0, 70), flush);
    kernel.run({c.windows(input, first, count, &out), &mean});
    ASSERT_TRUE(reference(c, input, mean, output, first, count) == out.dense())
        << c.channels << " channels, " << c.rows << " rows";
    ASSERT_TRUE(out.intact());
  }
}

TEST(Q8Avgpool, EveryTail) {
  QNNP_TRACE_SEED();
  for_each_kernel("q8avgpool", q8avgpool_kernels(), [](const AvgPoolKernel& kernel) {
    SCOPED_TRACE(kernel.name);
    Random random(1);
    for_each_size(1, 4 * 64 + 1, [&](size_t channels) {
      for (size_t repeat = 0; repeat < 6; repeat++) {
        check_row(kernel, draw_row(channels, random), random);
      }
    });
  });
}

// More pixels than 16-bit sums hold, around their limits.
TEST(Q8Avgpool, LargeWindows) {
  QNNP_TRACE_SEED();
  for_each_kernel("q8avgpool", q8avgpool_kernels(), [](const AvgPoolKernel& kernel) {
    SCOPED_TRACE(kernel.name);
    Random random(2);
    for (size_t side : {16, 17, 23, 257, 258}) {
      for (size_t channels : {1, 33, 64, 130}) {
        if (side > 100 && (channels > 64 || effort(100) < 100)) continue;  // takes long
        const RowCase c = {side, side + 2, side, side, 1, 1, 1, 0, channels};
        check_row(kernel, c, random);
      }
    }
  });
}

void check_global(const GlobalAvgPoolKernel& kernel, size_t width, size_t channels,
                  Random& random) {
  const Output output = draw_output(random);
  const Mean mean = {draw_flip(random), draw_zero_point(random), draw_scale(random, width),
                     output_params(output.zero_point, output.min, output.max)};
  for (Flush flush : kFlushes) {
    GuardedRows input(width, channels, channels + random.size(0, 70), flush);
    std::vector<uint8_t> bytes(width * channels);
    draw_bytes(random, bytes);
    input.assign(bytes);
    GuardedRows out(1, channels, channels, flush);
    kernel.run({input.data(), width, input.stride(), channels, out.data(), &mean});
    for (size_t channel = 0; channel < channels; channel++) {
      int64_t sum = 0;
      for (size_t pixel = 0; pixel < width; pixel++) {
        sum += (input.at(pixel, channel) ^ mean.flip) - mean.zero_point;
      }
      ASSERT_EQ(requantize_reference(sum, mean.scale, output) ^ mean.flip, out.at(0, channel))
          << channel << " of " << channels << ", width " << width;
    }
    ASSERT_TRUE(out.intact());
  }
}

TEST(Q8Gavgpool, EveryTail) {
  QNNP_TRACE_SEED();
  for_each_kernel("q8gavgpool", q8gavgpool_kernels(), [](const GlobalAvgPoolKernel& kernel) {
    SCOPED_TRACE(kernel.name);
    Random random(3);
    for_each_size(1, 4 * 64 + 1, [&](size_t channels) {
      for (size_t repeat = 0; repeat < 4; repeat++) {
        check_global(kernel, random.size(1, 60), channels, random);
      }
    });
  });
}

TEST(Q8Gavgpool, ManyPixels) {
  QNNP_TRACE_SEED();
  for_each_kernel("q8gavgpool", q8gavgpool_kernels(), [](const GlobalAvgPoolKernel& kernel) {
    SCOPED_TRACE(kernel.name);
    Random random(4);
    for (size_t width :
         {size_t{256}, size_t{257}, size_t{258}, size_t{514}, size_t{515}, effort(70000)}) {
      for (size_t channels : {1, 37, 64, 128}) check_global(kernel, width, channels, random);
    }
  });
}

// The largest sum that int32 holds, of both signs.
TEST(Q8Gavgpool, LargestSums) {
  constexpr size_t kWidth = INT32_MAX / 255;
  const std::vector<uint8_t> zeros(kWidth, 0), ones(kWidth, 255);
  for_each_kernel("q8gavgpool", q8gavgpool_kernels(), [&](const GlobalAvgPoolKernel& kernel) {
    SCOPED_TRACE(kernel.name);
    const float scale = mean_scale(0.5f, 1.0f, kWidth);
    uint8_t out = 0;
    const Mean up = {0, 0, scale, output_params(0, 0, 255)};
    kernel.run({ones.data(), kWidth, 1, 1, &out, &up});
    EXPECT_EQ(requantize_reference(kWidth * 255, scale, {0, 0, 255}), out);
    const Mean down = {0, 255, scale, output_params(255, 0, 255)};
    kernel.run({zeros.data(), kWidth, 1, 1, &out, &down});
    EXPECT_EQ(requantize_reference(-int64_t{kWidth} * 255, scale, {255, 0, 255}), out);
  });
}

}  // namespace
}  // namespace test
}  // namespace qnnp
