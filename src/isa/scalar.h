// SPDX-License-Identifier: BSD-3-Clause
// Plain C++: the truth that every other instruction set must equal bit for bit.
#pragma once

#include "isa/dot.h"

namespace qnnp {
namespace {

// The definition of requantization. After the clamp |x| <= 255, where adding and subtracting 1.5 *
// 2^23 rounds to the nearest even integer without calling libm.
QNNP_INLINE uint8_t requantize(int32_t acc, float scale, const OutputParams& output) {
  float x = static_cast<float>(acc) * scale;
  x = x < output.high ? x : output.high;
  x = x > output.low ? x : output.low;
  const float rounded = (x + 12582912.0f) - 12582912.0f;
  return static_cast<uint8_t>(static_cast<int32_t>(rounded) + output.zero_point) ^ output.flip;
}

template <bool kFlip>
struct Scalar {
  static constexpr Isa kIsa = Isa::scalar;
  static constexpr int kStep = 1, kCols = 1;
  static constexpr WeightCode kCode = WeightCode::s16;
  static constexpr SlotOrder kOrder = SlotOrder::natural;
  using Acc = int32_t;
  using Output = OutputParams;

  static QNNP_INLINE Acc bias(const int32_t* p) { return *p; }
  static QNNP_INLINE Acc add(Acc acc, int32_t value) { return acc + value; }

  template <int MR, int NV, class Pointers>
  static QNNP_INLINE void step(Acc (&acc)[MR][NV], const Pointers& p, const uint8_t* b) {
    int16_t w[NV];
    memcpy(w, b, sizeof(w));
    unroll<MR>([&](auto i) QNNP_LAMBDA {
      const int32_t a = *p.row(i) ^ (kFlip ? 0x80 : 0);
      unroll<NV>([&](auto j) QNNP_LAMBDA { acc[i][j] += a * w[j]; });
    });
  }

  static constexpr int kStoredVectors = 1;
  static constexpr bool kNarrows = false;
  static constexpr int kStepsTogether = 1;
  static constexpr bool kTurnsRows = false;
  static constexpr bool kBounded = false;
  template <int NV>
  static QNNP_INLINE void store(const Acc (&acc)[1][NV], const float* scale,
                                const OutputParams& output, uint8_t* const (&c)[1], size_t n) {
    unroll<NV>([&](auto j) QNNP_LAMBDA {
      if (static_cast<size_t>(j) < n) c[0][j] = requantize(acc[0][j], scale[j], output);
    });
  }
  template <int NV>
  static QNNP_INLINE void spill(const Acc (&acc)[NV], int32_t* sums) {
    memcpy(sums, acc, sizeof(acc));
  }
};

}  // namespace
}  // namespace qnnp
