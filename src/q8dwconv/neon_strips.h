// SPDX-License-Identifier: BSD-3-Clause
// What buffer.h asks for, by the assembly of AArch32 (neon_aarch32.S): columns are 16 channels of
// one row, as 16-bit words. Sixteen vector registers hold no window of columns and their sums;
// from a buffer a column is one load, and its widening is shared by the output rows.
#pragma once

#include "isa/neon.h"
#include "q8dwconv/buffer.h"

namespace qnnp {

// Assembly loads it by one instruction.
struct DwconvStrip {
  const void* constants;  // DwconvStripOutput
  const void* rows[5];    // columns of each kernel row, from the first pixel's on
  const void* block;      // int32 bias[16], float scale[16], int16 weights[columns][rows][16]
  uint8_t* c;
  ptrdiff_t c_stride;
  ptrdiff_t pixels;  // > 0
};

extern "C" {
void qnnp_q8dwconv_neon_3x3s1(const DwconvStrip*);
void qnnp_q8dwconv_neon_3x3s2(const DwconvStrip*);
void qnnp_q8dwconv_neon_5x5s1(const DwconvStrip*);
void qnnp_q8dwconv_neon_5x5s2(const DwconvStrip*);
}

namespace {

// Constants of the epilogue. 1.5 * 2^23: adding it rounds a float to an integer, half to even, and
// taking it away from the bits that come out leaves that integer. What is too large for it stays
// too large for 16 bits, with its sign.
struct DwconvStripOutput {
  float32x4_t rounding;
  int32x4_t taken;  // the rounding's bits less the zero point
  uint8x16_t low, high, flip;
  QNNP_INLINE explicit DwconvStripOutput(const OutputParams& output)
      : rounding(vdupq_n_f32(0x1.8p23f)),
        taken(vdupq_n_s32(0x4b400000 - output.zero_point)),
        low(vdupq_n_u8(lowest_byte(output))),
        high(vdupq_n_u8(highest_byte(output))),
        flip(vdupq_n_u8(output.flip)) {}
};

// Base: NeonDwconv, which has everything but strips.
template <template <bool> class Base, bool kFlip>
struct NeonStrips : Base<kFlip> {
  using Sums = NeonStrips<Base, false>;
  using Output = DwconvStripOutput;
  static constexpr int kPixels = 2, kSegments = 1, kFed = 0;
  static constexpr bool kStrips = true, kFlips = kFlip;

  template <int KH, int KW, int S, class Column>
  static QNNP_INLINE void strip(const Column* const (&at)[KH], const DwconvBlock<Sums>& block,
                                const Output& output, uint8_t* c, ptrdiff_t pixel_bytes,
                                ptrdiff_t pixels) {
    static_assert(KH == KW && (KH == 3 || KH == 5) && (S == 1 || S == 2), "what there is");
    DwconvStrip strip = {&output, {}, block.bias, c, pixel_bytes, pixels};
    for (int i = 0; i < KH; i++) strip.rows[i] = at[i];
    const auto kernel = KH == 3  ? S == 1 ? qnnp_q8dwconv_neon_3x3s1 : qnnp_q8dwconv_neon_3x3s2
                        : S == 1 ? qnnp_q8dwconv_neon_5x5s1
                                 : qnnp_q8dwconv_neon_5x5s2;
    kernel(&strip);
  }
  static QNNP_INLINE void copy_short(uint8_t* c, const uint8_t* bytes, size_t n) {
    neon_store_short(c, vld1q_u8(bytes), n);
  }
};

}  // namespace
}  // namespace qnnp
