// SPDX-License-Identifier: BSD-3-Clause
// AArch64 NEON: 16-bit multiplies by lane into 32-bit sums (SMLAL).
#pragma once

#include <arm_neon.h>

#include "isa/dot.h"
#include "isa/short_loads.h"

namespace qnnp {
namespace {

// n < 8 bytes, zeros above.
QNNP_INLINE uint8x8_t neon_load_short(const uint8_t* p, size_t n) {
  return vcreate_u8(load_u64_short(p, n));
}

// The first n <= 16 bytes of v.
QNNP_INLINE void neon_store_short(uint8_t* c, uint8x16_t v, size_t n) {
  if (n >= 16) {
    vst1q_u8(c, v);
    return;
  }
  uint8_t bytes[16];
  vst1q_u8(bytes, v);
  if (n & 8) memcpy(c, bytes, 8);
  if (n & 4) memcpy(c + (n & 8), bytes + (n & 8), 4);
  if (n & 2) memcpy(c + (n & 12), bytes + (n & 12), 2);
  if (n & 1) c[n - 1] = bytes[n - 1];
}

// fcvtns rounds half to even and saturates; the clamp follows in integers.
QNNP_INLINE int32x4_t neon_scaled(int32x4_t acc, float32x4_t scale, float32x4_t high) {
  return vcvtnq_s32_f32(vminq_f32(vmulq_f32(vcvtq_f32_s32(acc), scale), high));
}

struct NeonOutput {
  float32x4_t high;
  int16x8_t zero_point;
  uint8x8_t low;  // output_min
  uint8x8_t flip;
  QNNP_INLINE explicit NeonOutput(const OutputParams& output)
      : high(vdupq_n_f32(output.high)),
        zero_point(vdupq_n_s16(static_cast<int16_t>(output.zero_point))),
        low(vdup_n_u8(static_cast<uint8_t>(static_cast<int32_t>(output.low) + output.zero_point))),
        flip(vdup_n_u8(output.flip)) {}
};

// One row of 4 * NV columns.
template <int NV>
QNNP_INLINE void neon_store_row(const int32x4_t (&acc)[NV], const float* scale,
                                const NeonOutput& out, uint8_t* c, size_t n) {
  static_assert(NV % 2 == 0, "pairs of accumulators");
  unroll<NV / 2>([&](auto pair) QNNP_LAMBDA {
    constexpr int j = 2 * pair;
    const int16x8_t words =
        vcombine_s16(vqmovn_s32(neon_scaled(acc[j], vld1q_f32(scale + 4 * j), out.high)),
                     vqmovn_s32(neon_scaled(acc[j + 1], vld1q_f32(scale + 4 * j + 4), out.high)));
    const uint8x8_t bytes =
        veor_u8(vmax_u8(vqmovun_s16(vqaddq_s16(words, out.zero_point)), out.low), out.flip);
    const size_t done = 4 * static_cast<size_t>(j);
    if (n >= done + 8) {
      vst1_u8(c + done, bytes);
    } else if (n > done) {
      neon_store_short(c + done, vcombine_u8(bytes, bytes), n - done);
    }
  });
}

template <int NV>
QNNP_INLINE void neon_spill(const int32x4_t (&acc)[NV], int32_t* sums) {
  unroll<NV>([&](auto j) QNNP_LAMBDA { vst1q_s32(sums + 4 * j, acc[j]); });
}

template <bool kFlip>
struct Neon {
  static constexpr Isa kIsa = Isa::neon;
  static constexpr int kStep = 8, kCols = 4;
  static constexpr WeightCode kCode = WeightCode::s16;
  static constexpr SlotOrder kOrder = SlotOrder::depth_outer;
  using Acc = int32x4_t;
  using Output = NeonOutput;

  static QNNP_INLINE Acc bias(const int32_t* p) { return vld1q_s32(p); }
  static QNNP_INLINE Acc add(Acc acc, int32_t) { return acc; }
  static QNNP_INLINE uint8x8_t load_full(const uint8_t* p) { return vld1_u8(p); }
  static QNNP_INLINE uint8x8_t load_short(const uint8_t* p, size_t n) {
    return neon_load_short(p, n);
  }

  template <int LANE, int MR, int NV>
  static QNNP_INLINE void lane(Acc (&acc)[MR][NV], const int16x8_t (&a)[MR], const int16_t* w) {
    unroll<NV>([&](auto j) QNNP_LAMBDA {
      const int16x4_t weights = vld1_s16(w + 4 * (LANE * NV + j));
      unroll<MR>([&](auto i)
                     QNNP_LAMBDA { acc[i][j] = vmlal_laneq_s16(acc[i][j], weights, a[i], LANE); });
    });
  }

  template <int MR, int NV, class Load>
  static QNNP_INLINE void step(Acc (&acc)[MR][NV], const uint8_t* const (&p)[MR], size_t k,
                               const uint8_t* b, Load load) {
    const int16_t* w = reinterpret_cast<const int16_t*>(b);
    int16x8_t a[MR];
    unroll<MR>([&](auto i) QNNP_LAMBDA {
      uint8x8_t bytes = load(p[i] + k);
      if (kFlip) bytes = veor_u8(bytes, vdup_n_u8(0x80));
      a[i] = vreinterpretq_s16_u16(vmovl_u8(bytes));
    });
    lane<0>(acc, a, w);
    lane<1>(acc, a, w);
    lane<2>(acc, a, w);
    lane<3>(acc, a, w);
    lane<4>(acc, a, w);
    lane<5>(acc, a, w);
    lane<6>(acc, a, w);
    lane<7>(acc, a, w);
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
