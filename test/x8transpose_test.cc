// SPDX-License-Identifier: BSD-3-Clause
// Every row of the transposition family against its definition.
#include "x8transpose/x8transpose.h"

#include <gtest/gtest.h>

#include "harness/draw.h"
#include "harness/guarded_buffer.h"
#include "harness/kernel_matrix.h"

namespace qnnp {
namespace test {
namespace {

void check(const TransposeKernel& kernel, size_t rows, size_t columns, Random& random) {
  std::vector<uint8_t> bytes(rows * columns), expected;
  draw_bytes(random, bytes);
  for (size_t j = 0; j < columns; j++) {
    for (size_t i = 0; i < rows; i++) expected.push_back(bytes[i * columns + j]);
  }
  for (Flush flush : kFlushes) {
    GuardedRows a(rows, columns, columns + (random.coin() ? 0 : random.size(1, 70)), flush);
    GuardedRows c(columns, rows, rows + (random.coin() ? 0 : random.size(1, 70)), flush);
    a.assign(bytes);
    kernel.run({rows, columns, a.data(), a.stride(), c.data(), c.stride()});
    ASSERT_TRUE(expected == c.dense()) << rows << " x " << columns;
    ASSERT_TRUE(a.intact() && c.intact() && bytes == a.dense());
  }
}

TEST(X8Transpose, EveryTail) {
  QNNP_TRACE_SEED();
  for_each_kernel("x8transpose", x8transpose_kernels(), [](const TransposeKernel& kernel) {
    SCOPED_TRACE(kernel.name);
    Random random(1);
    for_each_size(1, 2 * 64 + 20, [&](size_t n) {
      for (size_t limit : {17, 140}) {
        check(kernel, n, random.size(1, limit), random);
        check(kernel, random.size(1, limit), n, random);
      }
    });
  });
}

// Every pair around the size of a block.
TEST(X8Transpose, Small) {
  QNNP_TRACE_SEED();
  for_each_kernel("x8transpose", x8transpose_kernels(), [](const TransposeKernel& kernel) {
    SCOPED_TRACE(kernel.name);
    Random random(2);
    for_each_size(0, 18 * 18 - 1, [&](size_t i) { check(kernel, 1 + i / 18, 1 + i % 18, random); });
  });
}

}  // namespace
}  // namespace test
}  // namespace qnnp
