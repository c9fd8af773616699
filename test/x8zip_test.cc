// SPDX-License-Identifier: BSD-3-Clause
// Every row of the zip family against its definition.
#include "x8zip/x8zip.h"

#include <gtest/gtest.h>

#include "harness/draw.h"
#include "harness/guarded_buffer.h"
#include "harness/kernel_matrix.h"

namespace qnnp {
namespace test {
namespace {

// Rows of groups that lie `pitch` bytes apart.
void check(const ZipKernel& kernel, size_t rows, size_t groups, size_t n, Random& random) {
  const size_t pitch = n + (random.coin() ? 0 : random.size(1, 40));
  const size_t channels = (groups - 1) * pitch + n;
  std::vector<uint8_t> bytes(rows * channels), expected;
  draw_bytes(random, bytes);
  for (size_t row = 0; row < rows; row++) {
    for (size_t i = 0; i < n; i++) {
      for (size_t g = 0; g < groups; g++) expected.push_back(bytes[row * channels + g * pitch + i]);
    }
  }
  for (Flush flush : kFlushes) {
    GuardedRows a(rows, channels, channels + random.size(0, 70), flush);
    GuardedRows c(rows, groups * n, groups * n + random.size(0, 70), flush);
    a.assign(bytes);
    kernel.run({rows, groups, n, pitch, a.data(), a.stride(), c.data(), c.stride()});
    ASSERT_TRUE(expected == c.dense()) << rows << " rows of " << groups << " x " << n;
    ASSERT_TRUE(a.intact() && c.intact() && bytes == a.dense());
  }
}

TEST(X8Zip, EveryTail) {
  QNNP_TRACE_SEED();
  for_each_kernel("x8zip", x8zip_kernels(), [](const ZipKernel& kernel) {
    SCOPED_TRACE(kernel.name);
    Random random(1);
    for_each_size(1, 2 * 64 + 1, [&](size_t n) {
      const size_t groups = kernel.groups != 0 ? kernel.groups : random.size(2, 40);
      check(kernel, random.size(1, 4), groups, n, random);
    });
  });
}

// The numbers of groups around a block, with few and many channels.
TEST(X8Zip, AnyNumberOfGroups) {
  QNNP_TRACE_SEED();
  for_each_kernel("x8zip", x8zip_kernels(), [](const ZipKernel& kernel) {
    SCOPED_TRACE(kernel.name);
    Random random(2);
    for_each_size(2, 70, [&](size_t groups) {
      if (kernel.groups != 0) return;
      for (size_t limit : {4, 40, 150}) check(kernel, 2, groups, random.size(1, limit), random);
    });
  });
}

}  // namespace
}  // namespace test
}  // namespace qnnp
