// SPDX-License-Identifier: BSD-3-Clause
// One matrix product, c[m][n] = requantize(bias[n] + sum over k of (a - a_zero) * (w - w_zero)):
// its data, and its result by definition, a loop in 64-bit integers.
#pragma once

#include <string>
#include <vector>

#include "harness/element_types.h"
#include "harness/guarded_buffer.h"
#include "harness/random.h"
#include "harness/requantize_reference.h"

namespace qnnp {
namespace test {

struct GemmCase {
  // Data and scales of many kinds: constant bytes, accumulators at the edge of int32, results that
  // lie exactly between two integers, multipliers from 2^-30 to 2^10.
  GemmCase(size_t m, size_t n, size_t k, Random& random);
  // The same data as other types; before that, everything is uint8.
  void set_types(const ElementTypes& to);

  size_t m, n, k;
  uint8_t input_zero_point, kernel_zero_point;
  Output output;
  ElementTypes types;
  bool has_bias;
  std::vector<uint8_t> a, kernel;  // [m][k] and [n][k]
  std::vector<int32_t> bias;
  std::vector<float> scales;  // the multiplier of every column

  // Elements of [m][n].
  std::vector<uint8_t> reference() const;
  GuardedRows make_a(size_t stride, Flush flush) const;
  // Rows of bytes, `stride` elements apart, whatever elements are.
  GuardedRows make_c(size_t stride, Flush flush) const;
  std::string text() const;

 private:
  void draw_ties(Random& random);
  void draw_scales(Random& random);
  void draw_largest_bias(Random& random);
};

}  // namespace test
}  // namespace qnnp
