// SPDX-License-Identifier: BSD-3-Clause
// Every row of the add family against the definition, its constants against real arithmetic.
#include "q8vadd/q8vadd.h"

#include <gtest/gtest.h>

#include "harness/definitions.h"
#include "harness/draw.h"
#include "harness/guarded_buffer.h"
#include "harness/kernel_matrix.h"
#include "q8vadd/params.h"

namespace qnnp {
namespace test {
namespace {

// A ratio that the operator allows; the ends of the range often.
float draw_ratio(Random& random) {
  switch (random.size(0, 5)) {
    case 0:
      return 0x1p-14f;
    case 1:
      return std::nextafter(256.0f, 0.0f);
    case 2:
      return 1.0f;
    default:
      return static_cast<float>(std::exp2(random.real(-14, 7.99)));
  }
}

struct AddCase {
  uint8_t a_zero_point, b_zero_point;
  float a_scale, b_scale;
  Output sum;
  bool subtract;
  uint8_t a_flip, b_flip, c_flip;

  explicit AddCase(Random& random)
      : a_zero_point(draw_zero_point(random)),
        b_zero_point(draw_zero_point(random)),
        a_scale(draw_ratio(random)),
        b_scale(draw_ratio(random)),
        sum(draw_output(random)),
        subtract(random.coin()),
        a_flip(draw_flip(random)),
        b_flip(draw_flip(random)),
        c_flip(draw_flip(random)) {
    if (random.coin()) a_flip = b_flip = c_flip = 0;  // kernels have a body for these
  }
  AddDefinition definition() const {
    return AddDefinition(a_zero_point, a_scale, b_zero_point, b_scale, 1.0f, sum, subtract);
  }
  AddParams params() const {
    AddParams p = add_params({a_zero_point, a_scale}, {b_zero_point, b_scale},
                             {sum.zero_point, 1.0f}, subtract);
    p.min = sum.min;
    p.max = sum.max;
    p.a_flip = a_flip;
    p.b_flip = b_flip;
    p.c_flip = c_flip;
    return p;
  }
  // Of bytes as they are in memory.
  uint8_t expected(const AddDefinition& d, uint8_t a, uint8_t b) const {
    return d(a ^ a_flip, b ^ b_flip) ^ c_flip;
  }
};

enum class Place { apart, in_a, in_b };

void check(const AddKernel& kernel, size_t rows, size_t n, Place place, Random& random) {
  const AddCase c(random);
  const AddDefinition definition = c.definition();
  const AddParams params = c.params();
  std::vector<uint8_t> a_bytes(rows * n), b_bytes(rows * n), expected;
  draw_bytes(random, a_bytes);
  draw_bytes(random, b_bytes);
  for (size_t i = 0; i < rows * n; i++)
    expected.push_back(c.expected(definition, a_bytes[i], b_bytes[i]));
  for (Flush flush : kFlushes) {
    GuardedRows a(rows, n, n + random.size(0, 70), flush),
        b(rows, n, n + random.size(0, 70), flush);
    GuardedRows other(rows, n, n + random.size(0, 70), flush);
    a.assign(a_bytes);
    b.assign(b_bytes);
    GuardedRows& c_rows = place == Place::apart ? other : place == Place::in_a ? a : b;
    kernel.run({rows, n, a.data(), a.stride(), b.data(), b.stride(), c_rows.data(), c_rows.stride(),
                &params});
    ASSERT_TRUE(expected == c_rows.dense()) << rows << " rows of " << n;
    ASSERT_TRUE(a.intact() && b.intact() && other.intact());
    if (place != Place::in_a) {
      ASSERT_TRUE(a_bytes == a.dense());
    }
  }
}

TEST(Q8Vadd, EveryTail) {
  QNNP_TRACE_SEED();
  for_each_kernel("q8vadd", q8vadd_kernels(), [](const AddKernel& kernel) {
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
TEST(Q8Vadd, EveryPair) {
  QNNP_TRACE_SEED();
  for_each_kernel("q8vadd", q8vadd_kernels(), [](const AddKernel& kernel) {
    SCOPED_TRACE(kernel.name);
    Random random(2);
    std::vector<uint8_t> a(65536), b(65536), sum(65536);
    for (size_t i = 0; i < a.size(); i++) {
      a[i] = static_cast<uint8_t>(i);
      b[i] = static_cast<uint8_t>(i >> 8);
    }
    for (size_t repeat = 0; repeat < effort(40); repeat++) {
      const AddCase c(random);
      const AddDefinition definition = c.definition();
      const AddParams params = c.params();
      kernel.run({1, a.size(), a.data(), 0, b.data(), 0, sum.data(), 0, &params});
      for (size_t i = 0; i < a.size(); i++) {
        ASSERT_EQ(c.expected(definition, a[i], b[i]), sum[i]) << i;
      }
    }
  });
}

TEST(Q8Vadd, ConstantsFollowTheDefinition) {
  QNNP_TRACE_SEED();
  Random random(3);
  for (size_t repeat = 0; repeat < effort(100000); repeat++) {
    const AddCase c(random);
    const AddDefinition d = c.definition();
    const AddParams p = c.params();
    ASSERT_EQ(d.a_multiplier, p.a_multiplier);
    ASSERT_EQ(d.b_multiplier, p.b_multiplier);
  }
}

// The promise of the page: below 0.5 + 2^-13 output steps from real arithmetic.
TEST(Q8Vadd, CloseToRealNumbers) {
  QNNP_TRACE_SEED();
  Random random(4);
  long double worst = 0;
  for (size_t repeat = 0; repeat < effort(200000); repeat++) {
    const AddCase c(random);
    const uint8_t a = random.byte(), b = random.byte();
    const long double real =
        (a - c.a_zero_point) * static_cast<long double>(c.a_scale) +
        (c.subtract ? -1 : 1) * (b - c.b_zero_point) * static_cast<long double>(c.b_scale) +
        c.sum.zero_point;
    const long double clamped = std::clamp<long double>(real, c.sum.min, c.sum.max);
    worst = std::max(worst, std::abs(c.definition()(a, b) - clamped));
  }
  EXPECT_LT(worst, 0.5L + 0x1p-13L);
}

}  // namespace
}  // namespace test
}  // namespace qnnp
