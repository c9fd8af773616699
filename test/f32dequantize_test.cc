// SPDX-License-Identifier: BSD-3-Clause
// Every row of the dequantize family against the definition.
#include "f32dequantize/f32dequantize.h"

#include <gtest/gtest.h>

#include "harness/float_data.h"
#include "harness/guarded_buffer.h"
#include "harness/kernel_matrix.h"

namespace qnnp {
namespace test {
namespace {

void check(const DequantizeKernel& kernel, size_t rows, size_t n, Random& random) {
  const uint8_t flip = draw_flip(random);
  const DequantizeParams params = {draw_scale(random), draw_zero_point(random), flip};
  std::vector<uint8_t> bytes(rows * n);
  std::vector<float> expected;
  draw_bytes(random, bytes);
  for (uint8_t a : bytes) {
    expected.push_back(dequantize_definition(a ^ flip, params.scale, params.zero_point));
  }
  for (Flush flush : kFlushes) {
    GuardedRows a(rows, n, n + random.size(0, 70), flush);
    GuardedRowsOf<float> y(rows, n, n + random.size(0, 20), flush);
    a.assign(bytes);
    kernel.run({rows, n, a.data(), a.stride(), y.data(), y.stride(), &params});
    const std::vector<float> actual = y.dense();
    ASSERT_EQ(0, memcmp(expected.data(), actual.data(), 4 * expected.size()))
        << rows << " rows of " << n;
    ASSERT_TRUE(a.intact() && y.intact());
  }
}

TEST(F32Dequantize, EveryTail) {
  QNNP_TRACE_SEED();
  for_each_kernel("f32dequantize", f32dequantize_kernels(), [](const DequantizeKernel& kernel) {
    SCOPED_TRACE(kernel.name);
    Random random(1);
    for_each_size(1, 3 * 64 + 1, [&](size_t n) {
      for (int i = 0; i < 3; i++) check(kernel, random.size(1, 3), n, random);
    });
  });
}

}  // namespace
}  // namespace test
}  // namespace qnnp
