// SPDX-License-Identifier: BSD-3-Clause
// Sums in 32-bit lanes (doc/quantization.md, "Add, subtract"). Bytes are widened once, and multiplied
// by the whole multipliers, or by two pieces of them.
#include "isa/neon_bytes.h"
#include "isa/neon_wide.h"
#include "q8vadd/tile.h"

namespace qnnp {
namespace {

// Four vectors of each form's sums become 16 bytes. Form: sums(a, b) -> 16 bits, bytes(words).
template <class Form, bool kLimits, bool kFlip>
struct NeonSum {
  NeonWide wide;
  Form form;
  uint8x16_t a_flip, b_flip;
  AddOutput<NeonBytes, kLimits, kFlip> output;

  QNNP_INLINE explicit NeonSum(const AddParams& p)
      : form(p), a_flip(vdupq_n_u8(p.a_flip)), b_flip(vdupq_n_u8(p.b_flip)), output(p) {}

  QNNP_INLINE uint8x16_t operator()(uint8x16_t a, uint8x16_t b) const {
    if (kFlip) {
      a = veorq_u8(a, a_flip);
      b = veorq_u8(b, b_flip);
    }
    int32x4_t x[4], y[4];
    wide(a, x);
    wide(b, y);
    const auto eight = [&](auto h) QNNP_LAMBDA {
      return Form::bytes(vcombine_s16(form(x[2 * h], y[2 * h]), form(x[2 * h + 1], y[2 * h + 1])));
    };
    return output(vcombine_u8(eight(Index<0>()), eight(Index<1>())));
  }
};

// The sum fits 32 bits. Its upper half, and 5 bits less.
struct WholeMultipliers {
  int32x4_t a, b, offset;

  QNNP_INLINE explicit WholeMultipliers(const AddParams& p)
      : a(vdupq_n_s32(p.a_multiplier)),
        b(vdupq_n_s32(p.b_multiplier)),
        offset(vdupq_n_s32(static_cast<int32_t>(p.offset))) {}
  QNNP_INLINE int16x4_t operator()(int32x4_t x, int32x4_t y) const {
    return vaddhn_s32(neon_opaque(vmlaq_s32(vmulq_s32(x, a), y, b)), offset);
  }
  static QNNP_INLINE uint8x8_t bytes(int16x8_t words) {
    return vqshrun_n_s16(words, AddParams::kShift - 16);
  }
};

// AnyRatio of tile.h in other instructions.
struct SplitMultipliers {
  int32x4_t a_high, a_low, b_high, b_low, offset_high, offset_low;

  QNNP_INLINE explicit SplitMultipliers(const AddParams& p)
      : a_high(vdupq_n_s32(p.a_multiplier >> 15)),
        a_low(vdupq_n_s32(p.a_multiplier & 0x7fff)),
        b_high(vdupq_n_s32(p.b_multiplier >> 15)),
        b_low(vdupq_n_s32(p.b_multiplier & 0x7fff)),
        offset_high(vdupq_n_s32(static_cast<int32_t>(p.offset >> 15))),
        offset_low(vdupq_n_s32(static_cast<int32_t>(p.offset & 0x7fff))) {}
  QNNP_INLINE int16x4_t operator()(int32x4_t x, int32x4_t y) const {
    const int32x4_t low = vmlaq_s32(vmlaq_s32(offset_low, x, a_low), y, b_low);
    const int32x4_t high = vmlaq_s32(vmlaq_s32(offset_high, x, a_high), y, b_high);
    return vqshrn_n_s32(vsraq_n_s32(high, low, 15), AddParams::kShift - 15);
  }
  static QNNP_INLINE uint8x8_t bytes(int16x8_t words) { return vqmovun_s16(words); }
};

template <class, bool kLimits, bool kFlip>
using NeonAtMostOne = NeonSum<WholeMultipliers, kLimits, kFlip>;
template <class, bool kLimits, bool kFlip>
using NeonAnyRatio = NeonSum<SplitMultipliers, kLimits, kFlip>;

}  // namespace
QNNP_DEFINE_Q8VADD(NeonBytes, NeonAtMostOne, NeonAnyRatio, neon)
}  // namespace qnnp
