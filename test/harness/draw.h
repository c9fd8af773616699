// SPDX-License-Identifier: BSD-3-Clause
// Quantization parameters and data of random cases; extremes are drawn often.
#pragma once

#include <algorithm>

#include "harness/random.h"
#include "harness/requantize_reference.h"

namespace qnnp {
namespace test {

inline uint8_t draw_zero_point(Random& random) {
  constexpr uint8_t kExtremes[] = {0, 127, 128, 255};
  return random.coin() ? kExtremes[random.size(0, 3)] : random.byte();
}

// The XOR of a tensor's bytes: unsigned or signed.
inline uint8_t draw_flip(Random& random) { return random.coin() ? 0x80 : 0; }

// Mostly anything; sometimes all 0, all 255, or only these two.
template <class Bytes>
void draw_bytes(Random& random, Bytes& bytes) {
  const size_t kind = random.size(0, 7);
  for (uint8_t& value : bytes) {
    value = kind == 0 ? 0 : kind == 1 ? 255 : kind == 2 ? (random.coin() ? 255 : 0) : random.byte();
  }
}

// Full output ranges, partial ones, and those of a single value; not 0 to 0, which a description
// takes for the full range.
inline Output draw_output(Random& random) {
  const uint8_t a = static_cast<uint8_t>(random.size(1, 255)), b = random.byte();
  switch (random.size(0, 7)) {
    case 0:
      return {draw_zero_point(random), a, a};
    case 1:
    case 2:
    case 3:
      return {draw_zero_point(random), std::min(a, b), std::max(a, b)};
    default:
      return {draw_zero_point(random), 0, 255};
  }
}

}  // namespace test
}  // namespace qnnp
