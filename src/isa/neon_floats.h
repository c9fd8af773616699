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
  static QNNP_INLINE F offset(uint8_t z) { return set_float(z); }
  static QNNP_INLINE void spread(V v, F (&f)[4], F offset) {
    const uint16x8_t low = vmovl_u8(vget_low_u8(v)), high = vmovl_u8(vget_high_u8(v));
    f[0] = sub(vcvtq_f32_u32(vmovl_u16(vget_low_u16(low))), offset);
    f[1] = sub(vcvtq_f32_u32(vmovl_u16(vget_high_u16(low))), offset);
    f[2] = sub(vcvtq_f32_u32(vmovl_u16(vget_low_u16(high))), offset);
    f[3] = sub(vcvtq_f32_u32(vmovl_u16(vget_high_u16(high))), offset);
  }
  static QNNP_INLINE V join(const F (&f)[4], V zero_point) {
    return pack16(add16(words(f[0], f[1]), zero_point), add16(words(f[2], f[3]), zero_point));
  }
  static QNNP_INLINE F sub(F a, F b) { return vsubq_f32(a, b); }
  static QNNP_INLINE F mul(F a, F b) { return vmulq_f32(a, b); }
  static QNNP_INLINE F div(F a, F b) { return neon_div(a, b); }
  static QNNP_INLINE F known(F f) {
    return vreinterpretq_f32_u32(vandq_u32(vreinterpretq_u32_f32(f), vceqq_f32(f, f)));
  }
  static QNNP_INLINE F least(F a, F b) { return vminq_f32(a, b); }
  static QNNP_INLINE F where_negative(F d, F a, F b) { return vbslq_f32(vcltq_f32(d, set_float(0)), a, b); }

 private:
  static QNNP_INLINE V words(F a, F b) {
    return vreinterpretq_u8_s16(
        vcombine_s16(vqmovn_s32(neon_round(a)), vqmovn_s32(neon_round(b))));
  }
};

}  // namespace
}  // namespace qnnp
