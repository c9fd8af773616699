// SPDX-License-Identifier: BSD-3-Clause
// What AArch64's NEON has and AArch32's has not, as functions that give the same bits on both. Code
// in intrinsics takes these and is otherwise one source.
//
// AArch32's vectors of floats round to nearest, but take and give zeros for denormal numbers, and
// neither divide nor convert otherwise than towards zero. Its scalar unit (VFP) follows IEEE 754.
#pragma once

#include <arm_neon.h>

#include "base/common.h"

namespace qnnp {
namespace {

#if defined(__aarch64__)

QNNP_INLINE int32x4_t neon_round(float32x4_t f) { return vcvtnq_s32_f32(f); }
QNNP_INLINE float32x4_t neon_div(float32x4_t a, float32x4_t b) { return vdivq_f32(a, b); }
QNNP_INLINE uint32x4_t neon_pair_add(uint32x4_t a, uint32x4_t b) { return vpaddq_u32(a, b); }
QNNP_INLINE uint8x16_t neon_table16(uint8x16_t table, uint8x16_t index) {
  return vqtbl1q_u8(table, index);
}
QNNP_INLINE uint8x16_t neon_table48(const uint8x16x3_t& table, uint8x16_t index) {
  return vqtbl3q_u8(table, index);
}
QNNP_INLINE int16x8_t neon_mull_high(int8x16_t a, int8x16_t b) { return vmull_high_s8(a, b); }
QNNP_INLINE int16x8_t neon_mlsl_high(int16x8_t sum, int8x16_t a, int8x16_t b) {
  return vmlsl_high_s8(sum, a, b);
}
QNNP_INLINE int16x8x4_t neon_load4_dup(const int16_t* p) { return vld4q_dup_s16(p); }

#else

// Half to even while |f| < 2^22. Larger numbers, infinite ones too, give integers beyond +-2^22 of
// the same sign: all that a saturating conversion to 16 bits needs. Adding 1.5 * 2^23 rounds; the
// integers that floats look like are as far apart as they are there, and further elsewhere.
QNNP_INLINE int32x4_t neon_round(float32x4_t f) {
  const float32x4_t one_and_a_half = vdupq_n_f32(0x1.8p23f);
  return vqsubq_s32(vreinterpretq_s32_f32(vaddq_f32(f, one_and_a_half)),
                    vreinterpretq_s32_f32(one_and_a_half));
}
// By the scalar unit, lane after lane.
QNNP_INLINE float32x4_t neon_div(float32x4_t a, float32x4_t b) {
  float x[4], y[4];
  vst1q_f32(x, a);
  vst1q_f32(y, b);
  unroll<4>([&](auto i) QNNP_LAMBDA { x[i] /= y[i]; });
  return vld1q_f32(x);
}
QNNP_INLINE uint32x4_t neon_pair_add(uint32x4_t a, uint32x4_t b) {
  return vcombine_u32(vpadd_u32(vget_low_u32(a), vget_high_u32(a)),
                      vpadd_u32(vget_low_u32(b), vget_high_u32(b)));
}
QNNP_INLINE uint8x16_t neon_table16(uint8x16_t table, uint8x16_t index) {
  const uint8x8x2_t halves = {{vget_low_u8(table), vget_high_u8(table)}};
  return vcombine_u8(vtbl2_u8(halves, vget_low_u8(index)), vtbl2_u8(halves, vget_high_u8(index)));
}
QNNP_INLINE uint8x16_t neon_table48(const uint8x16x3_t& table, uint8x16_t index) {
  const uint8x8x4_t first = {{vget_low_u8(table.val[0]), vget_high_u8(table.val[0]),
                              vget_low_u8(table.val[1]), vget_high_u8(table.val[1])}};
  const uint8x8x2_t last = {{vget_low_u8(table.val[2]), vget_high_u8(table.val[2])}};
  const uint8x16_t above = vsubq_u8(index, vdupq_n_u8(32));
  return vcombine_u8(vtbx2_u8(vtbl4_u8(first, vget_low_u8(index)), last, vget_low_u8(above)),
                     vtbx2_u8(vtbl4_u8(first, vget_high_u8(index)), last, vget_high_u8(above)));
}
QNNP_INLINE int16x8_t neon_mull_high(int8x16_t a, int8x16_t b) {
  return vmull_s8(vget_high_s8(a), vget_high_s8(b));
}
QNNP_INLINE int16x8_t neon_mlsl_high(int16x8_t sum, int8x16_t a, int8x16_t b) {
  return vmlsl_s8(sum, vget_high_s8(a), vget_high_s8(b));
}
QNNP_INLINE int16x8x4_t neon_load4_dup(const int16_t* p) {
  const int16x4x4_t v = vld4_dup_s16(p);
  int16x8x4_t twice;
  unroll<4>([&](auto i) QNNP_LAMBDA { twice.val[i] = vcombine_s16(v.val[i], v.val[i]); });
  return twice;
}

#endif

}  // namespace
}  // namespace qnnp
