// SPDX-License-Identifier: BSD-3-Clause
// The definitions of doc/quantization.md for means, sums and softargmax, written for the tests: one
// value at a time, in wide integers and doubles.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "harness/requantize_reference.h"

namespace qnnp {
namespace test {

// "Average pooling": the factor of a sum over `area` pixels.
inline float mean_scale(float input_scale, float output_scale, uint64_t area) {
  return static_cast<float>(static_cast<double>(input_scale) /
                            (static_cast<double>(output_scale) * static_cast<double>(area)));
}

// "Add, subtract".
struct AddDefinition {
  uint8_t a_zero_point, b_zero_point;
  int64_t a_multiplier, b_multiplier;
  Output sum;

  AddDefinition(uint8_t a_zero, float a_scale, uint8_t b_zero, float b_scale, float sum_scale,
                Output output, bool subtract = false)
      : a_zero_point(a_zero),
        b_zero_point(b_zero),
        a_multiplier(multiplier(a_scale, sum_scale)),
        b_multiplier(multiplier(b_scale, sum_scale)),
        sum(output) {
    if (subtract) b_multiplier = -b_multiplier;
  }
  uint8_t operator()(uint8_t a, uint8_t b) const {
    const int64_t x =
        (int64_t{a} - a_zero_point) * a_multiplier + (int64_t{b} - b_zero_point) * b_multiplier;
    constexpr int64_t divisor = int64_t{1} << 21;
    const int64_t numerator = x + divisor / 2;
    const int64_t remainder = (numerator % divisor + divisor) % divisor;
    const int64_t quotient = (numerator - remainder) / divisor;  // rounded down
    return static_cast<uint8_t>(std::clamp<int64_t>(quotient + sum.zero_point, sum.min, sum.max));
  }

 private:
  static int64_t multiplier(float scale, float sum_scale) {
    const double ratio = static_cast<double>(scale) / static_cast<double>(sum_scale);
    // A ratio that no sum has: the largest is as good as any.
    return static_cast<int64_t>(std::min(std::floor(std::ldexp(ratio, 21) + 0.5), 0x1p62));
  }
};

// "Multiply".
struct MulDefinition {
  uint8_t a_zero_point, b_zero_point;
  float scale;
  Output output;

  MulDefinition(uint8_t a_zero, float a_scale, uint8_t b_zero, float b_scale, float output_scale,
                Output out)
      : a_zero_point(a_zero),
        b_zero_point(b_zero),
        scale(static_cast<float>(static_cast<double>(a_scale) * static_cast<double>(b_scale) /
                                 static_cast<double>(output_scale))),
        output(out) {}
  uint8_t operator()(uint8_t a, uint8_t b) const {
    const int64_t acc = (int64_t{a} - a_zero_point) * (int64_t{b} - b_zero_point);
    return requantize_reference(acc, scale, output);
  }
};

// "Softargmax" of one row, given the 256 entries of the table.
inline std::vector<uint8_t> softargmax_definition(const std::vector<uint8_t>& x,
                                                  const uint32_t* table) {
  const uint8_t largest = *std::max_element(x.begin(), x.end());
  uint64_t sum = 0;
  for (uint8_t value : x) sum += table[largest - value];
  std::vector<uint8_t> y;
  for (uint8_t value : x) {
    const uint64_t quotient = (uint64_t{table[largest - value]} * 256 + sum / 2) / sum;
    y.push_back(static_cast<uint8_t>(std::min<uint64_t>(255, quotient)));
  }
  return y;
}

}  // namespace test
}  // namespace qnnp
