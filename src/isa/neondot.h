// SPDX-License-Identifier: BSD-3-Clause
// AArch64 dot product: UDOT, four u8 x u8 products per 32-bit lane.
#pragma once

#include "isa/neon.h"

namespace qnnp {
namespace {

template <bool kFlip>
struct NeonDot {
  static constexpr Isa kIsa = Isa::neondot;
  static constexpr int kStep = 4, kCols = 4;
  static constexpr WeightCode kCode = WeightCode::u8;
  static constexpr SlotOrder kOrder = SlotOrder::natural;
  using Acc = int32x4_t;
  using Output = NeonOutput;

  static QNNP_INLINE Acc bias(const int32_t* p) { return vld1q_s32(p); }
  static QNNP_INLINE Acc add(Acc acc, int32_t value) { return vaddq_s32(acc, vdupq_n_s32(value)); }
  static QNNP_INLINE uint32x4_t load_full(const uint8_t* p) {
    uint32_t word;
    memcpy(&word, p, 4);
    return vdupq_n_u32(word);
  }
  static QNNP_INLINE uint32x4_t load_short(const uint8_t* p, size_t n) {
    return vdupq_n_u32(
        static_cast<uint32_t>(vget_lane_u64(vreinterpret_u64_u8(neon_load_short(p, n)), 0)));
  }

  using Sum = uint32x4_t;
  static QNNP_INLINE Sum no_sum() { return vdupq_n_u32(0); }
  static QNNP_INLINE Sum sum(Sum acc, const uint8_t* p, size_t n) {
    // Signed bytes are summed as they are; each is 128 short of its unsigned value.
    if (kFlip) {
      const uint32_t missing = static_cast<uint32_t>(128 * n);
      acc = vsetq_lane_u32(vgetq_lane_u32(acc, 0) + missing, acc, 0);
    }
    for (; n >= 16; n -= 16, p += 16) acc = add_bytes(acc, vld1q_u8(p));
    if (n >= 8) {
      acc = add_bytes(acc, vcombine_u8(vld1_u8(p), vdup_n_u8(0)));
      n -= 8;
      p += 8;
    }
    return add_bytes(acc, vcombine_u8(neon_load_short(p, n), vdup_n_u8(0)));
  }
  static QNNP_INLINE Sum add_bytes(Sum acc, uint8x16_t bytes) {
    if (!kFlip) return vdotq_u32(acc, bytes, vdupq_n_u8(1));
    return vreinterpretq_u32_s32(
        vdotq_s32(vreinterpretq_s32_u32(acc), vreinterpretq_s8_u8(bytes), vdupq_n_s8(1)));
  }
  static QNNP_INLINE uint32_t total(Sum acc) { return vaddvq_u32(acc); }

  template <int MR, int NV, class Load>
  static QNNP_INLINE void step(Acc (&acc)[MR][NV], const uint8_t* const (&p)[MR], size_t k,
                               const uint8_t* b, Load load) {
    uint8x16_t weights[NV];
    unroll<NV>([&](auto j) QNNP_LAMBDA { weights[j] = vld1q_u8(b + 16 * j); });
    unroll<MR>([&](auto i) QNNP_LAMBDA {
      uint8x16_t a = vreinterpretq_u8_u32(load(p[i] + k));
      if (kFlip) a = veorq_u8(a, vdupq_n_u8(0x80));
      unroll<NV>([&](auto j) QNNP_LAMBDA {
        acc[i][j] =
            vreinterpretq_s32_u32(vdotq_u32(vreinterpretq_u32_s32(acc[i][j]), weights[j], a));
      });
    });
  }

  template <int NV>
  static QNNP_INLINE void store(const Acc (&acc)[NV], const float* scale, const Output& out,
                                uint8_t* c, size_t n) {
    neon_store_row<NV>(acc, scale, out, c, n);
  }
  template <int NV>
  static QNNP_INLINE void spill(const Acc (&acc)[NV], int32_t* sums) {
    neon_spill(acc, sums);
  }
};

}  // namespace
}  // namespace qnnp
