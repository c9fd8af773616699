// SPDX-License-Identifier: BSD-3-Clause
// Lines one element at a time, for instruction sets whose vectors have no doubles.
#pragma once

#include "q8gnorm/q8gnorm.h"

namespace qnnp {
namespace {

void plain_lines(const NormLineArgs& args) {
  // 1.5 * 2^52: adding and subtracting it rounds to the nearest even integer without calling libm.
  constexpr double kRound = 6755399441055744.0;
  // A copy: the compiler must take it that a store changes what `args` refers to.
  const NormLineArgs t = args;
  for (size_t row = 0; row < t.rows; row++) {
    const uint8_t* x = t.x + row * t.x_stride;
    uint8_t* y = t.y + row * t.y_stride;
    for (size_t c = 0; c < t.n; c++) {
      double value = static_cast<double>(x[c] ^ t.x_flip) * t.factor[c] + t.offset[c];
      value = value < t.high ? value : t.high;
      value = value > t.low ? value : t.low;
      y[c] = static_cast<uint8_t>(static_cast<int32_t>((value + kRound) - kRound)) ^ t.y_flip;
    }
  }
}

}  // namespace
}  // namespace qnnp
