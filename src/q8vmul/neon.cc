// SPDX-License-Identifier: BSD-3-Clause
// As MulVector of tile.h, but conversions saturate: limits are compared as bytes.
#include "isa/neon_bytes.h"
#include "isa/neon_wide.h"
#include "q8vmul/tile.h"

namespace qnnp {
namespace {

template <bool kFlip>
struct NeonProduct {
  float32x4_t scale;
  int16x8_t zero_point;
  uint8x16_t a_zero_point, b_zero_point, low, high, a_flip, b_flip, c_flip;

  QNNP_INLINE explicit NeonProduct(const MulParams& p)
      : scale(vdupq_n_f32(p.scale)),
        zero_point(vdupq_n_s16(static_cast<int16_t>(p.output.zero_point))),
        a_zero_point(neon_opaque(vdupq_n_u8(p.a_zero_point))),
        b_zero_point(neon_opaque(vdupq_n_u8(p.b_zero_point))),
        low(vdupq_n_u8(lowest_byte(p.output))),
        high(vdupq_n_u8(highest_byte(p.output))),
        a_flip(vdupq_n_u8(p.a_flip)),
        b_flip(vdupq_n_u8(p.b_flip)),
        c_flip(vdupq_n_u8(p.c_flip)) {}

  QNNP_INLINE int16x4_t scaled(int16x4_t a, int16x4_t b) const {
    return vqmovn_s32(neon_round(vmulq_f32(vcvtq_f32_s32(vmull_s16(a, b)), scale)));
  }
  QNNP_INLINE uint8x8_t eight(uint16x8_t a, uint16x8_t b) const {
    const int16x8_t x = vreinterpretq_s16_u16(a), y = vreinterpretq_s16_u16(b);
    const int16x8_t words = vcombine_s16(scaled(vget_low_s16(x), vget_low_s16(y)),
                                         scaled(vget_high_s16(x), vget_high_s16(y)));
    return vqmovun_s16(vqaddq_s16(words, zero_point));
  }
  QNNP_INLINE uint8x16_t operator()(uint8x16_t a, uint8x16_t b) const {
    if (kFlip) {
      a = veorq_u8(a, a_flip);
      b = veorq_u8(b, b_flip);
    }
    const uint8x16_t bytes =
        vcombine_u8(eight(vsubl_u8(vget_low_u8(a), vget_low_u8(a_zero_point)),
                          vsubl_u8(vget_low_u8(b), vget_low_u8(b_zero_point))),
                    eight(vsubl_u8(vget_high_u8(a), vget_high_u8(a_zero_point)),
                          vsubl_u8(vget_high_u8(b), vget_high_u8(b_zero_point))));
    const uint8x16_t limited = vminq_u8(vmaxq_u8(bytes, low), high);
    return kFlip ? veorq_u8(limited, c_flip) : limited;
  }
};

void multiply_any(const MulArgs& args) {
  const MulParams& p = *args.params;
  if ((p.a_flip | p.b_flip | p.c_flip) != 0) {
    multiply<NeonBytes, NeonProduct<true>>(args);
  } else {
    multiply<NeonBytes, NeonProduct<false>>(args);
  }
}

}  // namespace

const MulKernel q8vmul__neon = {"neon", Isa::neon, multiply_any};

}  // namespace qnnp
