// SPDX-License-Identifier: BSD-3-Clause
// "Resize" of doc/quantization.md, written for the tests.
#pragma once

#include <stdint.h>

#include <cmath>

namespace qnnp {
namespace test {

// The bilinear mean of p00 p01 p10 p11.
inline uint8_t bilinear_definition(const uint8_t (&p)[4], double fy, double fx) {
  const double weights[4] = {(1 - fy) * (1 - fx), (1 - fy) * fx, fy * (1 - fx), fy * fx};
  float sum = 0;  // 0 + the first product is exact
  for (int k = 0; k < 4; k++) {
    const float product = static_cast<float>(p[k]) * static_cast<float>(weights[k]);
    sum = sum + product;
  }
  return static_cast<uint8_t>(std::floor(sum + 0.5f));
}

// The same in real numbers, or as near to them as a double is.
inline double bilinear_real(const uint8_t (&p)[4], double fy, double fx) {
  return (1 - fy) * ((1 - fx) * p[0] + fx * p[1]) + fy * ((1 - fx) * p[2] + fx * p[3]);
}

constexpr double kResizeAccuracy = 0.5 + 0x1p-13;  // in output steps

}  // namespace test
}  // namespace qnnp
