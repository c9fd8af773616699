// SPDX-License-Identifier: BSD-3-Clause
// NEON: bytes as floats (floats.h).
#pragma once

#include "isa/floats.h"
#include "isa/neon_bytes.h"

namespace qnnp {
namespace {

struct NeonFloats : NeonBytes {
  static constexpr size_t kFloats = 4;

  static QNNP_INLINE F load_floats(const float* p) { return vld1q_f32(p); }
  static QNNP_INLINE void store_floats(float* p, F f) { vst1q_f32(p, f); }
  // A byte below the upper half of 2^23 is the float 2^23 + byte.
  static QNNP_INLINE F offset(uint8_t z) { return set_float(0x1p23f + z); }
  static QNNP_INLINE void spread(V v, F (&f)[4], F offset) {
    const V words0 = lower8(v), words1 = upper8(v), two23 = set16(0x4b00);
    f[0] = sub(vreinterpretq_f32_u8(lower16(words0, two23)), offset);
    f[1] = sub(vreinterpretq_f32_u8(upper16(words0, two23)), offset);
    f[2] = sub(vreinterpretq_f32_u8(lower16(words1, two23)), offset);
    f[3] = sub(vreinterpretq_f32_u8(upper16(words1, two23)), offset);
  }
  static QNNP_INLINE V join(const F (&f)[4], V zero_point) {
    return pack16(saturating_add16(words(f[0], f[1]), zero_point),
                  saturating_add16(words(f[2], f[3]), zero_point));
  }
  static QNNP_INLINE F sub(F a, F b) { return vsubq_f32(a, b); }
  static QNNP_INLINE F mul(F a, F b) { return vmulq_f32(a, b); }
  static QNNP_INLINE F div(F a, F b) { return neon_div(a, b); }
#if defined(__aarch64__)
  static QNNP_INLINE F known(F f) { return f; }  // what is not a number is converted to 0
#else
  static QNNP_INLINE F known(F f) {
    return vreinterpretq_f32_u32(vandq_u32(vreinterpretq_u32_f32(f), vceqq_f32(f, f)));
  }
#endif
  static QNNP_INLINE F where_negative(F d, F a, F b) {
    return vbslq_f32(vcltq_f32(d, set_float(0)), a, b);
  }

 private:
  static QNNP_INLINE V words(F a, F b) {
    return vreinterpretq_u8_s16(vcombine_s16(vqmovn_s32(neon_round(a)), vqmovn_s32(neon_round(b))));
  }
};

template <>
struct UpperLimit<NeonFloats> {
  uint8x16_t limit;

  QNNP_INLINE explicit UpperLimit(const OutputParams& output)
      : limit(vdupq_n_u8(highest_byte(output))) {}
  QNNP_INLINE float32x4_t floats(float32x4_t f) const { return f; }
  QNNP_INLINE uint8x16_t bytes(uint8x16_t v) const { return vminq_u8(v, limit); }
};

}  // namespace
}  // namespace qnnp
