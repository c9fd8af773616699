// SPDX-License-Identifier: BSD-3-Clause
// The definition of requantization (doc/quantization.md, "Requantization"), written for the tests:
// in doubles, step by step.
#pragma once

#include <stdint.h>

#include <algorithm>
#include <cfenv>
#include <cmath>

namespace qnnp {
namespace test {

struct Output {
  uint8_t zero_point, min, max;
};

inline uint8_t requantize_reference(int64_t acc, float scale, const Output& output) {
  const float rounded_acc = static_cast<float>(acc);  // to nearest even
  const float product = rounded_acc * scale;          // one rounding
  const double low = output.min - output.zero_point, high = output.max - output.zero_point;
  const double clamped = std::clamp(static_cast<double>(product), low, high);
  return static_cast<uint8_t>(std::nearbyint(clamped) + output.zero_point);
}

}  // namespace test
}  // namespace qnnp
