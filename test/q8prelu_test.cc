// SPDX-License-Identifier: BSD-3-Clause
// Every row of the prelu family against the definition.
#include "q8prelu/q8prelu.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "harness/draw.h"
#include "harness/guarded_buffer.h"
#include "harness/kernel_matrix.h"

namespace qnnp {
namespace test {
namespace {

float draw_multiplier(Random& random) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const float special[] = {0.0f, -0.0f, 0.5f, -0.5f, 1e-45f, 0x1p127f, kInfinity, -kInfinity};
  if (random.size(0, 3) == 0) return special[random.size(0, 7)];
  return static_cast<float>(random.real(-3, 3));
}

void check(const PreluKernel& kernel, size_t rows, size_t n, bool in_place, Random& random) {
  const Output output = draw_output(random);
  const PreluParams params = {
      std::abs(draw_multiplier(random)) + 1e-30f,
      output_params(output.zero_point, output.min, output.max, draw_flip(random)),
      draw_zero_point(random), draw_flip(random)};
  if (std::isinf(params.positive)) return;
  std::vector<float> negative(n);
  for (float& m : negative) m = draw_multiplier(random);
  std::vector<uint8_t> bytes(rows * n), expected;
  draw_bytes(random, bytes);
  for (size_t i = 0; i < bytes.size(); i++) {
    const int d = (bytes[i] ^ params.input_flip) - params.input_zero_point;
    const float m = d < 0 ? negative[i % n] : params.positive;
    expected.push_back(requantize_reference(d, m, output) ^ params.output.flip);
  }
  for (Flush flush : kFlushes) {
    GuardedRows a(rows, n, n + random.size(0, 70), flush);
    GuardedRows other(rows, n, n + random.size(0, 70), flush);
    GuardedBuffer<float> multipliers(n + kPreluPadding, flush);
    std::fill(multipliers.begin(), multipliers.end(), std::numeric_limits<float>::quiet_NaN());
    std::copy(negative.begin(), negative.end(), multipliers.begin());
    a.assign(bytes);
    GuardedRows& c = in_place ? a : other;
    kernel.run({rows, n, a.data(), a.stride(), c.data(), c.stride(), multipliers.data(), &params});
    ASSERT_TRUE(expected == c.dense()) << rows << " rows of " << n;
    ASSERT_TRUE(a.intact() && other.intact());
    if (!in_place) {
      ASSERT_TRUE(bytes == a.dense());
    }
  }
}

TEST(Q8Prelu, EveryTail) {
  QNNP_TRACE_SEED();
  for_each_kernel("q8prelu", q8prelu_kernels(), [](const PreluKernel& kernel) {
    SCOPED_TRACE(kernel.name);
    Random random(1);
    for_each_size(1, 3 * 64 + 1, [&](size_t n) {
      for (bool in_place : {false, true}) check(kernel, random.size(1, 3), n, in_place, random);
    });
  });
}

}  // namespace
}  // namespace test
}  // namespace qnnp
