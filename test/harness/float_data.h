// SPDX-License-Identifier: BSD-3-Clause
// Quantize and dequantize: the definition (doc/quantization.md) in doubles, and floats that try it.
#pragma once

#include <cmath>
#include <limits>

#include "harness/draw.h"

namespace qnnp {
namespace test {

// A scale that the operators take: usual ones, any, and the ends.
inline float draw_scale(Random& random) {
  switch (random.size(0, 7)) {
    case 0:
      return std::numeric_limits<float>::min();
    case 1:
      return std::numeric_limits<float>::max();
    case 2:
      return static_cast<float>(std::exp2(random.real(-126, 127.9)));
    case 3:
      return 0.25f;
    default:
      return static_cast<float>(std::exp2(random.real(-10, 4)));
  }
}

// Within the range of the bytes and a little beyond, ties, and everything else that is a float.
inline float draw_float(Random& random, float scale) {
  switch (random.size(0, 9)) {
    case 0: {
      constexpr float kInfinity = std::numeric_limits<float>::infinity();
      const float special[] = {kInfinity, -kInfinity, std::numeric_limits<float>::quiet_NaN(), 0.0f,
                               -0.0f,     1e-45f,     std::numeric_limits<float>::max()};
      return special[random.size(0, 6)];
    }
    case 1: {
      const uint32_t bits = static_cast<uint32_t>(random.bits());
      float value;
      memcpy(&value, &bits, 4);
      return value;
    }
    case 2:
    case 3:
      return (static_cast<float>(random.size(0, 600)) - 300.5f) * scale;
    default:
      return static_cast<float>(random.real(-300, 300)) * scale;
  }
}

// "Quantize and dequantize". A quotient of two floats that is rounded to double and then to float
// is the quotient rounded once.
inline uint8_t quantize_definition(float x, float scale, const Output& output) {
  const float rounded = static_cast<float>(static_cast<double>(x) / static_cast<double>(scale));
  const double known = std::isnan(rounded) ? 0.0 : static_cast<double>(rounded);
  const double low = output.min - output.zero_point, high = output.max - output.zero_point;
  return static_cast<uint8_t>(std::nearbyint(std::clamp(known, low, high)) + output.zero_point);
}

inline float dequantize_definition(uint8_t q, float scale, uint8_t zero_point) {
  return static_cast<float>((q - zero_point) * static_cast<double>(scale));
}

// Bits of binary16, built from its definition.
inline double half_value(uint16_t bits) {
  const int exponent = bits >> 10 & 31, fraction = bits & 1023;
  const double sign = (bits & 0x8000) != 0 ? -1 : 1;
  if (exponent == 31) return fraction == 0 ? sign * INFINITY : NAN;
  if (exponent == 0) return sign * std::ldexp(fraction, -24);
  return sign * std::ldexp(1024 + fraction, exponent - 25);
}

// x rounded to nearest, ties to even, by search: magnitudes are ordered as their bits are.
inline uint16_t half_from(double x) {
  const uint16_t sign = std::signbit(x) ? 0x8000 : 0;
  const double size = std::abs(x);
  if (std::isnan(x)) return 0x7e00;
  uint16_t below = 0, above = 0x7c00;  // values are below <= size < above
  if (size >= 65520) return static_cast<uint16_t>(sign | 0x7c00);
  while (above - below > 1) {
    const uint16_t middle = static_cast<uint16_t>((below + above) / 2);
    (half_value(middle) <= size ? below : above) = middle;
  }
  const double next = above == 0x7c00 ? 65536 : half_value(above);
  const double to_below = size - half_value(below), to_above = next - size;
  const bool up = to_above < to_below || (to_above == to_below && (below & 1) != 0);
  return static_cast<uint16_t>(sign | (up ? above : below));
}

}  // namespace test
}  // namespace qnnp
