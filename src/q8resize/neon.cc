// SPDX-License-Identifier: BSD-3-Clause
// Coarse fractions: weights of columns are bytes, and products of bytes, two of them added, are words.
#include "isa/neon_bytes.h"
#include "q8resize/tile.h"

namespace qnnp {
namespace {

struct NeonFloats : NeonBytes {
  static QNNP_INLINE F from_int(V v) { return vcvtq_f32_s32(vreinterpretq_s32_u8(v)); }
  static QNNP_INLINE V to_int(F f) { return vreinterpretq_u8_s32(vcvtq_s32_f32(f)); }
  static QNNP_INLINE F mul(F a, F b) { return vmulq_f32(a, b); }
  static QNNP_INLINE F add(F a, F b) { return vaddq_f32(a, b); }
};

// As CoarseMean (tile.h).
struct NeonCoarseMean {
  uint8x8_t left, right;
  uint16x4_t top, bottom;

  QNNP_INLINE NeonCoarseMean(double y, double x) {
    const int32_t x1 = static_cast<int32_t>(x * 128), y1 = static_cast<int32_t>(y * 128);
    left = vdup_n_u8(static_cast<uint8_t>(128 - x1));
    right = vdup_n_u8(static_cast<uint8_t>(x1));
    top = vdup_n_u16(static_cast<uint16_t>(128 - y1));
    bottom = vdup_n_u16(static_cast<uint16_t>(y1));
  }
  QNNP_INLINE uint16x8_t columns(uint8x8_t a, uint8x8_t b) const {
    return vmlal_u8(vmull_u8(a, left), b, right);
  }
  QNNP_INLINE uint16x4_t rows(uint16x4_t a, uint16x4_t b) const {
    return vrshrn_n_u32(vmlal_u16(vmull_u16(a, top), b, bottom), 14);
  }
  QNNP_INLINE uint8x8_t eight(uint16x8_t a, uint16x8_t b) const {
    return vmovn_u16(vcombine_u16(rows(vget_low_u16(a), vget_low_u16(b)),
                                  rows(vget_high_u16(a), vget_high_u16(b))));
  }
  QNNP_INLINE uint8x16_t operator()(const uint8x16_t (&p)[4]) const {
    return vcombine_u8(eight(columns(vget_low_u8(p[0]), vget_low_u8(p[1])),
                             columns(vget_low_u8(p[2]), vget_low_u8(p[3]))),
                       eight(columns(vget_high_u8(p[0]), vget_high_u8(p[1])),
                             columns(vget_high_u8(p[2]), vget_high_u8(p[3]))));
  }
};

}  // namespace

const ResizeKernel q8resize__neon = {"neon", Isa::neon, resize<NeonFloats, NeonCoarseMean>};

}  // namespace qnnp
