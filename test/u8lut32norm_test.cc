// SPDX-License-Identifier: BSD-3-Clause
// Every row of the softargmax family against the definition, with tables of every steepness.
#include "u8lut32norm/u8lut32norm.h"

#include <gtest/gtest.h>

#include "harness/definitions.h"
#include "harness/draw.h"
#include "harness/guarded_buffer.h"
#include "harness/kernel_matrix.h"

namespace qnnp {
namespace test {
namespace {

// Does not increase; from constant to steep.
std::vector<uint32_t> draw_table(Random& random) {
  std::vector<uint32_t> table(256);
  const double slope = std::exp2(random.real(-12, 5));
  const uint64_t first = random.coin() ? UINT32_MAX : random.in(1, UINT32_MAX);
  for (size_t d = 0; d < table.size(); d++) {
    const double exact = static_cast<double>(first) * std::exp(-slope * static_cast<double>(d));
    table[d] = d == 0 ? static_cast<uint32_t>(first)
                      : std::min(table[d - 1], static_cast<uint32_t>(exact));
  }
  return table;
}

void check(const LutNormKernel& kernel, size_t n, bool in_place, Random& random) {
  const std::vector<uint32_t> table = draw_table(random);
  std::vector<uint8_t> bytes(n);
  draw_bytes(random, bytes);
  std::vector<uint8_t> expected = softargmax_definition(bytes, table.data());
  const uint8_t largest = *std::max_element(bytes.begin(), bytes.end());
  const uint8_t x_flip = draw_flip(random), y_flip = draw_flip(random);
  for (uint8_t& value : bytes) value ^= x_flip;
  for (uint8_t& value : expected) value ^= y_flip;
  for (Flush flush : kFlushes) {
    GuardedBuffer<uint8_t> x(n, flush), other(n, flush);
    GuardedBuffer<uint32_t> guarded_table(256, flush);
    std::copy(bytes.begin(), bytes.end(), x.begin());
    std::copy(table.begin(), table.end(), guarded_table.begin());
    GuardedBuffer<uint8_t>& y = in_place ? x : other;
    kernel.run({n, x.data(), x_flip, largest, guarded_table.data(), y.data(), y_flip});
    ASSERT_TRUE(expected == std::vector<uint8_t>(y.begin(), y.end())) << n;
    ASSERT_TRUE(x.intact() && other.intact());
    if (!in_place) {
      ASSERT_TRUE(std::equal(bytes.begin(), bytes.end(), x.begin()));
    }
  }
}

TEST(U8Lut32norm, EveryTail) {
  QNNP_TRACE_SEED();
  for_each_kernel("u8lut32norm", u8lut32norm_kernels(), [](const LutNormKernel& kernel) {
    SCOPED_TRACE(kernel.name);
    Random random(1);
    for_each_size(1, 64 + 2 * 64 + 1, [&](size_t n) {
      for (size_t repeat = 0; repeat < 4; repeat++) check(kernel, n, repeat % 2 == 0, random);
    });
  });
}

TEST(U8Lut32norm, LongRows) {
  QNNP_TRACE_SEED();
  for_each_kernel("u8lut32norm", u8lut32norm_kernels(), [](const LutNormKernel& kernel) {
    SCOPED_TRACE(kernel.name);
    Random random(2);
    for (size_t repeat = 0; repeat < effort(60); repeat++) {
      check(kernel, random.size(200, 70000), repeat % 2 == 0, random);
    }
  });
}

}  // namespace
}  // namespace test
}  // namespace qnnp
