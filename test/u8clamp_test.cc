// SPDX-License-Identifier: BSD-3-Clause
// Every row of the clamp family against min(max(x, low), high).
#include "u8clamp/u8clamp.h"

#include <gtest/gtest.h>

#include "harness/draw.h"
#include "harness/guarded_buffer.h"
#include "harness/kernel_matrix.h"

namespace qnnp {
namespace test {
namespace {

void check(const ClampKernel& kernel, size_t rows, size_t n, bool in_place, Random& random) {
  const Output range = draw_output(random);
  const uint8_t a_flip = draw_flip(random), c_flip = draw_flip(random);
  std::vector<uint8_t> bytes(rows * n), expected;
  draw_bytes(random, bytes);
  for (uint8_t x : bytes) {
    const uint8_t flipped = x ^ a_flip;
    expected.push_back(std::clamp(flipped, range.min, range.max) ^ c_flip);
  }
  for (Flush flush : kFlushes) {
    GuardedRows a(rows, n, n + random.size(0, 70), flush);
    GuardedRows other(rows, n, n + random.size(0, 70), flush);
    a.assign(bytes);
    GuardedRows& c = in_place ? a : other;
    kernel.run({rows, n, a.data(), a.stride(), c.data(), c.stride(), range.min, range.max, a_flip,
                c_flip});
    ASSERT_TRUE(expected == c.dense()) << rows << " rows of " << n;
    ASSERT_TRUE(a.intact() && other.intact());
    if (!in_place) {
      ASSERT_TRUE(bytes == a.dense());
    }
  }
}

TEST(U8Clamp, EveryTail) {
  QNNP_TRACE_SEED();
  for_each_kernel("u8clamp", u8clamp_kernels(), [](const ClampKernel& kernel) {
    SCOPED_TRACE(kernel.name);
    Random random(1);
    for_each_size(1, 3 * 64 + 1, [&](size_t n) {
      for (bool in_place : {false, true}) {
        check(kernel, random.size(1, 4), n, in_place, random);
      }
    });
  });
}

}  // namespace
}  // namespace test
}  // namespace qnnp
