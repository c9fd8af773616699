// SPDX-License-Identifier: BSD-3-Clause
// Every row of the normalization family: sums against plain loops, lines against the definition.
#include "q8gnorm/q8gnorm.h"

#include <gtest/gtest.h>

#include <cmath>

#include "harness/draw.h"
#include "harness/guarded_buffer.h"
#include "harness/kernel_matrix.h"

namespace qnnp {
namespace test {
namespace {

void check_sums(const NormKernel& kernel, size_t rows, size_t n, Random& random) {
  std::vector<uint8_t> bytes(rows * n);
  draw_bytes(random, bytes);
  const uint8_t flip = draw_flip(random);
  std::vector<uint64_t> sums(n), squares(n);
  for (size_t i = 0; i < bytes.size(); i++) {
    const uint64_t value = bytes[i] ^ flip;
    sums[i % n] += value;
    squares[i % n] += value * value;
  }
  for (Flush flush : kFlushes) {
    GuardedRows x(rows, n, n + random.size(0, 70), flush);
    x.assign(bytes);
    GuardedBuffer<uint64_t> sum(n, flush), square(n, flush);
    kernel.sums({rows, n, x.data(), x.stride(), flip, sum.data(), square.data()});
    ASSERT_TRUE(std::equal(sums.begin(), sums.end(), sum.begin())) << rows << " x " << n;
    ASSERT_TRUE(std::equal(squares.begin(), squares.end(), square.begin())) << rows << " x " << n;
  }
}

TEST(Q8Gnorm, SumsOfEveryTail) {
  QNNP_TRACE_SEED();
  for_each_kernel("q8gnorm", q8gnorm_kernels(), [](const NormKernel& kernel) {
    SCOPED_TRACE(kernel.name);
    Random random(1);
    for_each_size(1, 2 * 64 + 1, [&](size_t n) {
      for (size_t rows : {size_t{1}, size_t{2}, random.size(3, 50)}) {
        check_sums(kernel, rows, n, random);
      }
    });
  });
}

// More pixels than 32 bits hold squares, all 255 among them.
TEST(Q8Gnorm, SumsOfManyPixels) {
  QNNP_TRACE_SEED();
  for_each_kernel("q8gnorm", q8gnorm_kernels(), [](const NormKernel& kernel) {
    SCOPED_TRACE(kernel.name);
    Random random(2);
    const size_t rows = 65536 * 2 + 3;
    check_sums(kernel, rows, 3, random);
    const std::vector<uint8_t> bytes(rows, 255);
    uint64_t sum = 0, square = 0;
    kernel.sums({rows, 1, bytes.data(), 1, 0, &sum, &square});
    EXPECT_EQ(uint64_t{rows} * 255, sum);
    EXPECT_EQ(uint64_t{rows} * 65025, square);
  });
}

// Values far outside the range, ties and limits among them.
void draw_lines(Random& random, GuardedBuffer<double>* factor, GuardedBuffer<double>* offset) {
  for (size_t c = 0; c < factor->size(); c++) {
    switch (random.size(0, 4)) {
      case 0:
        (*factor)[c] = 0.5;
        (*offset)[c] = static_cast<double>(random.byte());
        break;
      case 1:
        (*factor)[c] = random.coin() ? 0x1p28 : -0x1p28;
        (*offset)[c] = -128 * (*factor)[c] + random.real(-10, 300);
        break;
      default:
        (*factor)[c] = random.real(-3, 3);
        (*offset)[c] = random.real(-300, 600);
    }
  }
}

void check_lines(const NormKernel& kernel, size_t rows, size_t n, bool in_place, Random& random) {
  std::vector<uint8_t> bytes(rows * n), expected;
  draw_bytes(random, bytes);
  const Output range = draw_output(random);
  const uint8_t x_flip = draw_flip(random), y_flip = draw_flip(random);
  for (Flush flush : kFlushes) {
    const size_t padded = (n + kNormChannels - 1) / kNormChannels * kNormChannels;
    GuardedBuffer<double> factor(padded, flush), offset(padded, flush);
    draw_lines(random, &factor, &offset);
    expected.clear();
    for (size_t i = 0; i < bytes.size(); i++) {
      const double product = static_cast<double>(bytes[i] ^ x_flip) * factor[i % n];
      const double y = std::clamp<double>(product + offset[i % n], range.min, range.max);
      expected.push_back(static_cast<uint8_t>(std::nearbyint(y)) ^ y_flip);
    }
    GuardedRows x(rows, n, n + random.size(0, 70), flush);
    GuardedRows other(rows, n, n + random.size(0, 70), flush);
    x.assign(bytes);
    GuardedRows& y = in_place ? x : other;
    kernel.run({rows, n, x.data(), x.stride(), y.data(), y.stride(), factor.data(), offset.data(),
                range.min, range.max, x_flip, y_flip});
    ASSERT_TRUE(expected == y.dense()) << rows << " rows of " << n;
    ASSERT_TRUE(x.intact() && other.intact());
  }
}

TEST(Q8Gnorm, LinesOfEveryTail) {
  QNNP_TRACE_SEED();
  for_each_kernel("q8gnorm", q8gnorm_kernels(), [](const NormKernel& kernel) {
    SCOPED_TRACE(kernel.name);
    Random random(3);
    for_each_size(1, 2 * 64 + 1, [&](size_t n) {
      for (bool in_place : {false, true}) {
        check_lines(kernel, random.size(1, 20), n, in_place, random);
      }
    });
  });
}

}  // namespace
}  // namespace test
}  // namespace qnnp
