// SPDX-License-Identifier: BSD-3-Clause
// Every row of the max pooling family against the definition.
#include "u8maxpool/u8maxpool.h"

#include <gtest/gtest.h>

#include "harness/draw.h"
#include "harness/kernel_matrix.h"
#include "harness/window_case.h"

namespace qnnp {
namespace test {
namespace {

std::vector<uint8_t> reference(const RowCase& c, const GuardedRows& input,
                               const MaxPoolParams& params, size_t first, size_t count) {
  std::vector<uint8_t> result;
  for (size_t column = first; column < first + count; column++) {
    for (size_t channel = 0; channel < c.channels; channel++) {
      uint8_t largest = 0;
      c.for_each_tap(column, [&](size_t pixel) {
        largest = std::max(largest, static_cast<uint8_t>(input.at(pixel, channel) ^ params.flip));
      });
      result.push_back(std::clamp(largest, params.min, params.max) ^ params.flip);
    }
  }
  return result;
}

void check_row(const MaxPoolKernel& kernel, const RowCase& c, Random& random) {
  const Output output = draw_output(random);
  const MaxPoolParams params = {draw_flip(random), output.min, output.max};
  for (Flush flush : kFlushes) {
    // A row outside the image may not be read: it is not even there.
    GuardedRows input(c.rows * c.width, c.channels, c.channels + random.size(0, 70), flush);
    std::vector<uint8_t> bytes(c.rows * c.width * c.channels);
    draw_bytes(random, bytes);
    input.assign(bytes);
    const size_t first = random.size(0, c.outputs() - 1);
    const size_t count = random.size(1, c.outputs() - first);
    GuardedRows out(count, c.channels, c.channels + random.size(0, 70), flush);
    kernel.run({c.windows(input, first, count, &out), params});
    ASSERT_TRUE(reference(c, input, params, first, count) == out.dense())
        << c.channels << " channels, " << c.rows << " rows";
    ASSERT_TRUE(out.intact());
  }
}

TEST(U8Maxpool, EveryTail) {
  QNNP_TRACE_SEED();
  for_each_kernel("u8maxpool", u8maxpool_kernels(), [](const MaxPoolKernel& kernel) {
    SCOPED_TRACE(kernel.name);
    Random random(1);
    for_each_size(1, 4 * 64 + 1, [&](size_t channels) {
      for (size_t repeat = 0; repeat < 6; repeat++) {
        check_row(kernel, draw_row(channels, random), random);
      }
    });
  });
}

// The sizes with code of their own, with and without borders, and their neighbours.
TEST(U8Maxpool, SmallWindows) {
  QNNP_TRACE_SEED();
  for_each_kernel("u8maxpool", u8maxpool_kernels(), [](const MaxPoolKernel& kernel) {
    SCOPED_TRACE(kernel.name);
    Random random(2);
    for (size_t rows : {1, 2, 3, 4}) {
      for (size_t cols : {1, 2, 3, 4}) {
        for (size_t channels : {1, 16, 33, 64, 130, 256}) {
          const RowCase c = {rows, 12,       rows,     cols,    random.size(1, 3),
                             1,    rows % 2, cols % 2, channels};
          check_row(kernel, c, random);
        }
      }
    }
  });
}

TEST(U8Maxpool, LargeWindows) {
  QNNP_TRACE_SEED();
  for_each_kernel("u8maxpool", u8maxpool_kernels(), [](const MaxPoolKernel& kernel) {
    SCOPED_TRACE(kernel.name);
    Random random(3);
    for (size_t channels : {1, 33, 64, 130}) {
      check_row(kernel, {23, 25, 23, 23, 1, 1, 1, 0, channels}, random);
      check_row(kernel, {1, effort(3000) + 5, 1, effort(3000), 2, 1, 1, 0, channels}, random);
    }
  });
}

}  // namespace
}  // namespace test
}  // namespace qnnp
