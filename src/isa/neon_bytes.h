// SPDX-License-Identifier: BSD-3-Clause
// NEON as a row of byte lanes (bytes.h). Vectors carry bytes; wider lanes are reinterpreted.
#pragma once

#include "isa/bytes.h"
#include "isa/neon.h"

namespace qnnp {
namespace {

// Less than a vector. Not inlined: tails would be most of the code of pooling and transposition.
inline __attribute__((noinline)) uint8x16_t neon_load_few(const uint8_t* p, size_t n) {
  return n < 8 ? vcombine_u8(neon_load_short(p, n), vdup_n_u8(0))
               : vcombine_u8(vld1_u8(p), neon_load_short(p + 8, n - 8));
}
inline __attribute__((noinline)) void neon_store_few(uint8_t* p, uint8x16_t v, size_t n) {
  neon_store_short(p, v, n);
}

struct NeonBytes {
  static constexpr Isa kIsa = Isa::neon;
  static constexpr size_t kBytes = 16;
  static constexpr int kVectors = 4;
  static constexpr bool kIndexedLoads = false;
  using V = uint8x16_t;
  using F = float32x4_t;
  using Count = int32x4_t;

  static QNNP_INLINE V load(const uint8_t* p) { return vld1q_u8(p); }
  static QNNP_INLINE V load_short(const uint8_t* p, size_t n) { return neon_load_few(p, n); }
  static QNNP_INLINE void store(uint8_t* p, V v) { vst1q_u8(p, v); }
  static QNNP_INLINE void store_short(uint8_t* p, V v, size_t n) { neon_store_few(p, v, n); }

  static QNNP_INLINE V zero() { return vdupq_n_u8(0); }
  static QNNP_INLINE V set8(uint8_t x) { return vdupq_n_u8(x); }
  static QNNP_INLINE V set16(int16_t x) { return bytes(vdupq_n_s16(x)); }
  static QNNP_INLINE V set32(int32_t x) { return bytes(vdupq_n_s32(x)); }
  static QNNP_INLINE F set_float(float x) { return vdupq_n_f32(x); }
  static QNNP_INLINE V lower8(V a, V b) { return vzipq_u8(a, b).val[0]; }
  static QNNP_INLINE V upper8(V a, V b) { return vzipq_u8(a, b).val[1]; }
  static QNNP_INLINE V lower16(V a, V b) { return bytes(vzipq_s16(to16(a), to16(b)).val[0]); }
  static QNNP_INLINE V upper16(V a, V b) { return bytes(vzipq_s16(to16(a), to16(b)).val[1]); }
  // Compilers merge these with a sum or product that follows; interleaving with zeros they do not.
  static QNNP_INLINE V lower8(V a) { return bytes(vmovl_u8(vget_low_u8(a))); }
  static QNNP_INLINE V upper8(V a) { return bytes(vmovl_u8(vget_high_u8(a))); }
  static QNNP_INLINE V lower16(V a) {
    return bytes(vmovl_u16(vget_low_u16(vreinterpretq_u16_u8(a))));
  }
  static QNNP_INLINE V upper16(V a) {
    return bytes(vmovl_u16(vget_high_u16(vreinterpretq_u16_u8(a))));
  }
  static QNNP_INLINE V min8(V a, V b) { return vminq_u8(a, b); }
  static QNNP_INLINE V max8(V a, V b) { return vmaxq_u8(a, b); }
  static QNNP_INLINE V signed_min8(V a, V b) {
    return vreinterpretq_u8_s8(vminq_s8(vreinterpretq_s8_u8(a), vreinterpretq_s8_u8(b)));
  }
  static QNNP_INLINE V signed_max8(V a, V b) {
    return vreinterpretq_u8_s8(vmaxq_s8(vreinterpretq_s8_u8(a), vreinterpretq_s8_u8(b)));
  }
  static QNNP_INLINE V bit_or(V a, V b) { return vorrq_u8(a, b); }
  static QNNP_INLINE V bit_xor(V a, V b) { return veorq_u8(a, b); }
  static QNNP_INLINE V sub8(V a, V b) { return vsubq_u8(a, b); }
  static QNNP_INLINE V load_table(const uint8_t* p) { return vld1q_u8(p); }
  static QNNP_INLINE V table_lookup(V table, V index) { return neon_table16(table, index); }
  static QNNP_INLINE V add16(V a, V b) { return bytes(vaddq_s16(to16(a), to16(b))); }
  static QNNP_INLINE V sub16(V a, V b) { return bytes(vsubq_s16(to16(a), to16(b))); }
  static QNNP_INLINE V add32(V a, V b) { return bytes(vaddq_s32(to32(a), to32(b))); }
  static QNNP_INLINE V saturating_add16(V a, V b) { return bytes(vqaddq_s16(to16(a), to16(b))); }
  static QNNP_INLINE V lower_sums(V a, V b) {
    return bytes(vaddl_u8(vget_low_u8(a), vget_low_u8(b)));
  }
  static QNNP_INLINE V upper_sums(V a, V b) {
    return bytes(vaddl_u8(vget_high_u8(a), vget_high_u8(b)));
  }
  static QNNP_INLINE V add_products(V acc, V a, V b) {
    const int32x4_t first = vmlal_s16(to32(acc), vmovn_s32(to32(a)), vmovn_s32(to32(b)));
    return bytes(vmlal_s16(first, vshrn_n_s32(to32(a), 16), vshrn_n_s32(to32(b), 16)));
  }
  static QNNP_INLINE V lower_products(V a, V b) {
    return bytes(vmull_s16(vget_low_s16(to16(a)), vget_low_s16(to16(b))));
  }
  static QNNP_INLINE V upper_products(V a, V b) {
    return bytes(vmull_s16(vget_high_s16(to16(a)), vget_high_s16(to16(b))));
  }
  template <int N>
  static QNNP_INLINE V shift_right32(V a) {
    return bytes(vshrq_n_s32(to32(a), N));
  }
  static QNNP_INLINE Count count(uint32_t n) { return vdupq_n_s32(-static_cast<int32_t>(n)); }
  static QNNP_INLINE V shift_right32(V a, Count count) { return bytes(vshlq_s32(to32(a), count)); }
  static QNNP_INLINE V pack32(V a, V b) {
    return bytes(vcombine_s16(vqmovn_s32(to32(a)), vqmovn_s32(to32(b))));
  }
  static QNNP_INLINE V pack16(V a, V b) {
    return vcombine_u8(vqmovun_s16(to16(a)), vqmovun_s16(to16(b)));
  }
  static QNNP_INLINE V scaled(V acc, F scale, F high) {
    return bytes(neon_scaled(to32(acc), scale, high));
  }
  static QNNP_INLINE V lower_scaled(V a, F offset, F scale) {
    return offset_scaled(lower16(a, set16(0x4b00)), offset, scale);
  }
  static QNNP_INLINE V upper_scaled(V a, F offset, F scale) {
    return offset_scaled(upper16(a, set16(0x4b00)), offset, scale);
  }
  static QNNP_INLINE uint8_t largest(V v) {
    uint8x8_t most = vmax_u8(vget_low_u8(v), vget_high_u8(v));
    most = vpmax_u8(most, most);
    most = vpmax_u8(most, most);
    return vget_lane_u8(vpmax_u8(most, most), 0);
  }

 private:
  static QNNP_INLINE int16x8_t to16(V v) { return vreinterpretq_s16_u8(v); }
  static QNNP_INLINE int32x4_t to32(V v) { return vreinterpretq_s32_u8(v); }
  // Lanes are floats: a word below the upper half of 2^23 is 2^23 + word. Both sums are exact.
  static QNNP_INLINE V offset_scaled(V lanes, F offset, F scale) {
    const F from_2_23 = vsubq_f32(offset, vdupq_n_f32(0x1p23f));
    return bytes(neon_round(vmulq_f32(vaddq_f32(vreinterpretq_f32_u8(lanes), from_2_23), scale)));
  }
  static QNNP_INLINE V bytes(int16x8_t v) { return vreinterpretq_u8_s16(v); }
  static QNNP_INLINE V bytes(uint16x8_t v) { return vreinterpretq_u8_u16(v); }
  static QNNP_INLINE V bytes(int32x4_t v) { return vreinterpretq_u8_s32(v); }
  static QNNP_INLINE V bytes(uint32x4_t v) { return vreinterpretq_u8_u32(v); }
};

}  // namespace
}  // namespace qnnp
