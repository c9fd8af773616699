// SPDX-License-Identifier: BSD-3-Clause
// NEON as a row of int32 lanes (words.h). Shifts to the left by -n round, half towards infinity:
// with 1 taken from what is negative, half away from zero.
#pragma once

#include "isa/neon_bytes.h"
#include "isa/words.h"

namespace qnnp {
namespace {

struct NeonPrecise {
  int32x2_t multiplier;
  int64x2_t shift;

  QNNP_INLINE NeonPrecise(uint32_t m, uint32_t n)
      : multiplier(vdup_n_s32(static_cast<int32_t>(m >> 8))),
        shift(vdupq_n_s64(-int64_t{24} - int64_t{n})) {}
  QNNP_INLINE int32x2_t two(int32x2_t acc) const {
    const int64x2_t product = vmull_s32(acc, multiplier);
    return vmovn_s64(vrshlq_s64(vsraq_n_s64(product, product, 63), shift));
  }
  QNNP_INLINE uint8x16_t operator()(uint8x16_t v) const {
    const int32x4_t acc = vreinterpretq_s32_u8(v);
    return vreinterpretq_u8_s32(vcombine_s32(two(vget_low_s32(acc)), two(vget_high_s32(acc))));
  }
};

struct NeonFixedPoint {
  int32x4_t multiplier, shift, shifts;  // `shifts`: all ones where the shift is not 0

  QNNP_INLINE NeonFixedPoint(uint32_t m, uint32_t n)
      : multiplier(vdupq_n_s32(static_cast<int32_t>(m))),
        shift(vdupq_n_s32(-static_cast<int32_t>(n))),
        shifts(vdupq_n_s32(n == 0 ? 0 : -1)) {}
  QNNP_INLINE uint8x16_t operator()(uint8x16_t v) const {
    const int32x4_t high = vqrdmulhq_s32(vreinterpretq_s32_u8(v), multiplier);
    return vreinterpretq_u8_s32(vrshlq_s32(vsraq_n_s32(high, vandq_s32(high, shifts), 31), shift));
  }
};

struct NeonWords : NeonBytes {
  using Precise = NeonPrecise;
  using FixedPoint = NeonFixedPoint;

  static QNNP_INLINE V load_words(const int32_t* p) { return vreinterpretq_u8_s32(vld1q_s32(p)); }
  static QNNP_INLINE V load_words_short(const int32_t* p, size_t n) {
    int32_t lanes[4] = {};
    for (size_t i = 0; i < n; i++) lanes[i] = p[i];
    return load_words(lanes);
  }
  static QNNP_INLINE V in_order(V v) { return v; }
  // Conversions saturate: the limit is for the bytes.
  static QNNP_INLINE V scaled(V acc, F scale, F) {
    const F product = vmulq_f32(vcvtq_f32_s32(vreinterpretq_s32_u8(acc)), scale);
    return vreinterpretq_u8_s32(neon_round(product));
  }
};

}  // namespace
}  // namespace qnnp
