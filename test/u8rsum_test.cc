// SPDX-License-Identifier: BSD-3-Clause
// Every row of the family of sums against a loop.
#include "u8rsum/u8rsum.h"

#include <gtest/gtest.h>

#include "harness/draw.h"
#include "harness/guarded_buffer.h"
#include "harness/kernel_matrix.h"

namespace qnnp {
namespace test {
namespace {

void check(const SumKernel& kernel, size_t n, Random& random) {
  for (Flush flush : kFlushes) {
    GuardedBuffer<uint8_t> x(n, flush);
    draw_bytes(random, x);
    for (uint8_t flip : {uint8_t{0}, uint8_t{0x80}}) {
      uint64_t sum = 0;
      for (uint8_t value : x) sum += value ^ flip;
      ASSERT_EQ(sum, kernel.run(x.data(), n, flip)) << n;
    }
  }
}

TEST(U8Rsum, EveryTail) {
  QNNP_TRACE_SEED();
  for_each_kernel("u8rsum", u8rsum_kernels(), [](const SumKernel& kernel) {
    SCOPED_TRACE(kernel.name);
    Random random(1);
    for_each_size(1, 5 * 64 + 1, [&](size_t n) { check(kernel, n, random); });
    check(kernel, effort(100000) + 7, random);
  });
}

// The most and largest bytes that are allowed.
TEST(U8Rsum, LargestSum) {
  const std::vector<uint8_t> most((1 << 24) - 1, 255);
  for_each_kernel("u8rsum", u8rsum_kernels(), [&](const SumKernel& kernel) {
    SCOPED_TRACE(kernel.name);
    EXPECT_EQ(uint64_t{255} * most.size(), kernel.run(most.data(), most.size(), 0));
  });
}

}  // namespace
}  // namespace test
}  // namespace qnnp
