// SPDX-License-Identifier: BSD-3-Clause
// NEON: loads of few bytes, the epilogue of sums.
#pragma once

#include "isa/dot.h"
#include "isa/neon32.h"
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

// Rounds half to even and saturates; the clamp follows in integers.
QNNP_INLINE int32x4_t neon_scaled(int32x4_t acc, float32x4_t scale, float32x4_t high) {
  return neon_round(vminq_f32(vmulq_f32(vcvtq_f32_s32(acc), scale), high));
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

}  // namespace
}  // namespace qnnp
