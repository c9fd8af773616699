// SPDX-License-Identifier: BSD-3-Clause
// Every row of the quantize family against the definition.
#include "f32quantize/f32quantize.h"

#include <gtest/gtest.h>

#include "harness/float_data.h"
#include "harness/guarded_buffer.h"
#include "harness/kernel_matrix.h"

namespace qnnp {
namespace test {
namespace {

void check(const QuantizeKernel& kernel, size_t rows, size_t n, Random& random) {
  const Output output = draw_output(random);
  const uint8_t flip = draw_flip(random);
  const QuantizeParams params = {draw_scale(random),
                                 output_params(output.zero_point, output.min, output.max, flip)};
  std::vector<float> floats(rows * n);
  std::vector<uint8_t> expected;
  for (float& x : floats) {
    x = draw_float(random, params.scale);
    expected.push_back(quantize_definition(x, params.scale, output) ^ flip);
  }
  for (Flush flush : kFlushes) {
    GuardedRowsOf<float> x(rows, n, n + random.size(0, 20), flush);
    GuardedRows c(rows, n, n + random.size(0, 70), flush);
    x.assign(floats);
    kernel.run({rows, n, x.data(), x.stride(), c.data(), c.stride(), &params});
    ASSERT_TRUE(expected == c.dense()) << rows << " rows of " << n;
    ASSERT_TRUE(x.intact() && c.intact());
  }
}

TEST(F32Quantize, EveryTail) {
  QNNP_TRACE_SEED();
  for_each_kernel("f32quantize", f32quantize_kernels(), [](const QuantizeKernel& kernel) {
    SCOPED_TRACE(kernel.name);
    Random random(1);
    for_each_size(1, 3 * 64 + 1, [&](size_t n) {
      for (int i = 0; i < 3; i++) check(kernel, random.size(1, 3), n, random);
    });
  });
}

// The promise of the page.
TEST(F32Quantize, CloseToRealNumbers) {
  QNNP_TRACE_SEED();
  Random random(2);
  for (size_t repeat = 0; repeat < effort(100000); repeat++) {
    const Output output = draw_output(random);
    const float scale = draw_scale(random), x = draw_float(random, scale);
    if (std::isnan(x)) continue;
    const long double real =
        static_cast<long double>(x) / static_cast<long double>(scale) + output.zero_point;
    const long double limited = std::clamp<long double>(real, output.min, output.max);
    ASSERT_LT(std::abs(quantize_definition(x, scale, output) - limited), 0.5L + 0x1p-13L);
  }
}

}  // namespace
}  // namespace test
}  // namespace qnnp
