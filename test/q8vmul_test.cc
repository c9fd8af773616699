// SPDX-License-Identifier: BSD-3-Clause
// Every row of the product family against the definition.
#include "q8vmul/q8vmul.h"

#include <gtest/gtest.h>

#include <cfloat>

#include "harness/definitions.h"
#include "harness/draw.h"
#include "harness/guarded_buffer.h"
#include "harness/kernel_matrix.h"

namespace qnnp {
namespace test {
namespace {

// Any positive normal float, most often one that fills the output's range.
float draw_scale(Random& random) {
  switch (random.size(0, 7)) {
    case 0:
      return FLT_MIN;
    case 1:
      return FLT_MAX;
    case 2:
      return 0.5f;  // ties
    default:
      return static_cast<float>(std::exp2(random.real(-16, 2)));
  }
}

struct MulCase {
  MulDefinition definition;
  uint8_t a_flip, b_flip, c_flip;

  explicit MulCase(Random& random)
      : definition(draw_zero_point(random), draw_scale(random), draw_zero_point(random), 1.0f, 1.0f,
                   draw_output(random)),
        a_flip(draw_flip(random)),
        b_flip(draw_flip(random)),
        c_flip(draw_flip(random)) {}
  MulParams params() const {
    const MulDefinition& d = definition;
    return {d.a_zero_point, d.b_zero_point,
            d.scale,        output_params(d.output.zero_point, d.output.min, d.output.max),
            a_flip,         b_flip,
            c_flip};
  }
  // Of bytes as they are in memory.
  uint8_t expected(uint8_t a, uint8_t b) const {
    return definition(a ^ a_flip, b ^ b_flip) ^ c_flip;
  }
};

enum class Place { apart, in_a, in_b };

void check(const MulKernel& kernel, size_t rows, size_t n, Place place, Random& random) {
  const MulCase c(random);
  const MulParams params = c.params();
  std::vector<uint8_t> a_bytes(rows * n), b_bytes(rows * n), expected;
  draw_bytes(random, a_bytes);
  draw_bytes(random, b_bytes);
  for (size_t i = 0; i < rows * n; i++) expected.push_back(c.expected(a_bytes[i], b_bytes[i]));
  for (Flush flush : kFlushes) {
    GuardedRows a(rows, n, n + random.size(0, 70), flush),
        b(rows, n, n + random.size(0, 70), flush);
    GuardedRows other(rows, n, n + random.size(0, 70), flush);
    a.assign(a_bytes);
    b.assign(b_bytes);
    GuardedRows& product = place == Place::apart ? other : place == Place::in_a ? a : b;
    kernel.run({rows, n, a.data(), a.stride(), b.data(), b.stride(), product.data(),
                product.stride(), &params});
    ASSERT_TRUE(expected == product.dense()) << rows << " rows of " << n;
    ASSERT_TRUE(a.intact() && b.intact() && other.intact());
    if (place != Place::in_a) {
      ASSERT_TRUE(a_bytes == a.dense());
    }
  }
}

TEST(Q8Vmul, EveryTail) {
  QNNP_TRACE_SEED();
  for_each_kernel("q8vmul", q8vmul_kernels(), [](const MulKernel& kernel) {
    SCOPED_TRACE(kernel.name);
    Random random(1);
    for_each_size(1, 3 * 64 + 1, [&](size_t n) {
      for (Place place : {Place::apart, Place::in_a, Place::in_b}) {
        check(kernel, random.size(1, 3), n, place, random);
      }
    });
  });
}

// All 65536 pairs, at random constants.
TEST(Q8Vmul, EveryPair) {
  QNNP_TRACE_SEED();
  for_each_kernel("q8vmul", q8vmul_kernels(), [](const MulKernel& kernel) {
    SCOPED_TRACE(kernel.name);
    Random random(2);
    std::vector<uint8_t> a(65536), b(65536), product(65536);
    for (size_t i = 0; i < a.size(); i++) {
      a[i] = static_cast<uint8_t>(i);
      b[i] = static_cast<uint8_t>(i >> 8);
    }
    for (size_t repeat = 0; repeat < effort(40); repeat++) {
      const MulCase c(random);
      const MulParams params = c.params();
      kernel.run({1, a.size(), a.data(), 0, b.data(), 0, product.data(), 0, &params});
      for (size_t i = 0; i < a.size(); i++) ASSERT_EQ(c.expected(a[i], b[i]), product[i]) << i;
    }
  });
}

// The promise of the page: below 0.5 + 2^-13 output steps from real arithmetic.
TEST(Q8Vmul, CloseToRealNumbers) {
  QNNP_TRACE_SEED();
  Random random(3);
  long double worst = 0;
  for (size_t repeat = 0; repeat < effort(200000); repeat++) {
    const uint8_t a_zero = draw_zero_point(random), b_zero = draw_zero_point(random);
    const Output output = draw_output(random);
    const float a_scale = draw_scale(random), b_scale = static_cast<float>(random.real(0.5, 1)),
                output_scale = static_cast<float>(random.real(0.5, 1));
    const MulDefinition definition(a_zero, a_scale, b_zero, b_scale, output_scale, output);
    if (!std::isnormal(definition.scale)) continue;
    const uint8_t a = random.byte(), b = random.byte();
    const long double real = (a - a_zero) * (b - b_zero) * static_cast<long double>(a_scale) *
                                 static_cast<long double>(b_scale) /
                                 static_cast<long double>(output_scale) +
                             output.zero_point;
    const long double clamped = std::clamp<long double>(real, output.min, output.max);
    worst = std::max(worst, std::abs(definition(a, b) - clamped));
  }
  EXPECT_LT(worst, 0.5L + 0x1p-13L);
}

}  // namespace
}  // namespace test
}  // namespace qnnp
