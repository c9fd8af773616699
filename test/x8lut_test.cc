// SPDX-License-Identifier: BSD-3-Clause
// Every row of the lookup family against table[x].
#include "x8lut/x8lut.h"

#include <gtest/gtest.h>

#include "harness/draw.h"
#include "harness/guarded_buffer.h"
#include "harness/kernel_matrix.h"

namespace qnnp {
namespace test {
namespace {

// The table ends at an inaccessible page, too.
void check(const LutKernel& kernel, size_t rows, size_t n, bool in_place, Random& random) {
  std::vector<uint8_t> bytes(rows * n), expected;
  random.fill(bytes);
  for (Flush flush : kFlushes) {
    GuardedBuffer<uint8_t> table(256, flush);
    random.fill(table);
    expected.clear();
    for (uint8_t x : bytes) expected.push_back(table[x]);
    GuardedRows a(rows, n, n + random.size(0, 70), flush);
    GuardedRows other(rows, n, n + random.size(0, 70), flush);
    a.assign(bytes);
    GuardedRows& c = in_place ? a : other;
    kernel.run({rows, n, a.data(), a.stride(), c.data(), c.stride(), table.data()});
    ASSERT_TRUE(expected == c.dense()) << rows << " rows of " << n;
    ASSERT_TRUE(a.intact() && other.intact());
    if (!in_place) {
      ASSERT_TRUE(bytes == a.dense());
    }
  }
}

TEST(X8Lut, EveryTail) {
  QNNP_TRACE_SEED();
  for_each_kernel("x8lut", x8lut_kernels(), [](const LutKernel& kernel) {
    SCOPED_TRACE(kernel.name);
    Random random(1);
    for_each_size(1, 3 * 64 + 1, [&](size_t n) {
      for (bool in_place : {false, true}) {
        check(kernel, random.size(1, 4), n, in_place, random);
      }
    });
  });
}

// Every index in every lane of a vector.
TEST(X8Lut, EveryIndex) {
  QNNP_TRACE_SEED();
  for_each_kernel("x8lut", x8lut_kernels(), [](const LutKernel& kernel) {
    SCOPED_TRACE(kernel.name);
    Random random(2);
    uint8_t table[256], x[256], y[256];
    random.fill(table);
    for (size_t shift = 0; shift < 64; shift++) {
      for (size_t i = 0; i < 256; i++) x[i] = static_cast<uint8_t>(i + shift);
      kernel.run({1, 256, x, 256, y, 256, table});
      for (size_t i = 0; i < 256; i++) ASSERT_EQ(table[x[i]], y[i]) << unsigned{x[i]};
    }
  });
}

}  // namespace
}  // namespace test
}  // namespace qnnp
