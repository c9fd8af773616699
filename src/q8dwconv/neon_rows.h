// SPDX-License-Identifier: BSD-3-Clause
// Depthwise convolution through a buffer (buffer.h) for AArch64's NEON, 16-bit products (SMLAL).
// The buffer has bytes widened: vector 2 i + r of a column are channels 8 i .. 8 i + 7 of row r of a
// pair. Eight channels of kPixels outputs go at once: the weights stay in registers if they fit, and
// each column is loaded once for all outputs that see it.
#pragma once

#include "isa/neon_bytes.h"
#include "q8dwconv/buffer.h"

namespace qnnp {

// neon_aarch64.S: 3 x 3 at stride 1, two output rows, a whole block; it reads this at the offsets
// given.
struct NeonStrip {
  const void* at[2];                 //  0
  const int32_t* bias;               // 16
  const float* scale;                // 24
  const uint8_t* weights;            // 32
  uint8_t* c;                        // 40
  ptrdiff_t row_bytes, pixel_bytes;  // 48, 56
  ptrdiff_t pixels;                  // 64  at least 1
  int16x8_t words;                   // 80  zero point of `whole`, low of `clamped`
  uint8x16_t range, least;           // 96, 112
};
extern "C" {
void qnnp_q8dwconv_neon_3x3s1_whole(const NeonStrip*);
void qnnp_q8dwconv_neon_3x3s1_whole_signed(const NeonStrip*);
void qnnp_q8dwconv_neon_3x3s1_clamped(const NeonStrip*);
void qnnp_q8dwconv_neon_3x3s1_rectified(const NeonStrip*);
void qnnp_q8dwconv_neon_widen(void* to, const uint8_t* const* from, const ptrdiff_t* step,
                              ptrdiff_t count);
void qnnp_q8dwconv_neon_widen_signed(void* to, const uint8_t* const* from, const ptrdiff_t* step,
                                     ptrdiff_t count);
}

namespace {

struct NeonSum {
  int32x4_t low, high;  // channels 0 - 3, 4 - 7
};

struct NeonScales {
  float32x4_t low, high;
  QNNP_INLINE explicit NeonScales(const float* p) : low(vld1q_f32(p)), high(vld1q_f32(p + 4)) {}
  // Saturates; clamping words clamps the rest.
  QNNP_INLINE int16x8_t words(const NeonSum& sum) const {
    const auto rounded = [](int32x4_t acc, float32x4_t scale) QNNP_LAMBDA {
      return vqmovn_s32(neon_round(vmulq_f32(vcvtq_f32_s32(acc), scale)));
    };
    return vcombine_s16(rounded(sum.low, low), rounded(sum.high, high));
  }
};

// Two times eight words -> bytes. Where all bytes may come out, narrowing is the clamp.
template <bool kSigned>
struct NeonWhole {
  int16x8_t zero_point;
  QNNP_INLINE void run(NeonStrip& s) const {
    s.words = zero_point;
    (kSigned ? qnnp_q8dwconv_neon_3x3s1_whole_signed : qnnp_q8dwconv_neon_3x3s1_whole)(&s);
  }
  QNNP_INLINE explicit NeonWhole(const OutputParams& out)
      : zero_point(vdupq_n_s16(static_cast<int16_t>(out.zero_point - (kSigned ? 128 : 0)))) {}
  QNNP_INLINE uint8x16_t operator()(int16x8_t a, int16x8_t b) const {
    a = vqaddq_s16(a, zero_point);
    b = vqaddq_s16(b, zero_point);
    return kSigned ? vreinterpretq_u8_s8(vcombine_s8(vqmovn_s16(a), vqmovn_s16(b)))
                   : vcombine_u8(vqmovun_s16(a), vqmovun_s16(b));
  }
};

// Less than output_min narrows to 0.
struct NeonClamped {
  int16x8_t low;
  uint8x16_t range, least;
  bool from_zero;  // nothing is to be subtracted, as behind ReLU
  QNNP_INLINE void run(NeonStrip& s) const {
    s.words = low;
    s.range = range;
    s.least = least;
    (from_zero ? qnnp_q8dwconv_neon_3x3s1_rectified : qnnp_q8dwconv_neon_3x3s1_clamped)(&s);
  }
  QNNP_INLINE explicit NeonClamped(const OutputParams& out)
      : low(vdupq_n_s16(static_cast<int16_t>(out.low))),
        range(vdupq_n_u8(static_cast<uint8_t>(highest_byte(out) - lowest_byte(out)))),
        least(vdupq_n_u8(lowest_byte(out) ^ out.flip)),
        from_zero(static_cast<int16_t>(out.low) == 0) {}
  QNNP_INLINE uint8x16_t operator()(int16x8_t a, int16x8_t b) const {
    const uint8x16_t above =
        vcombine_u8(vqmovun_s16(vqsubq_s16(a, low)), vqmovun_s16(vqsubq_s16(b, low)));
    return vaddq_u8(vminq_u8(above, range), least);
  }
};

template <class D, int KH, int KW, int S, int ROWS>
struct NeonSums : DwconvBufferShape<D, KH, KW, S> {
  using Shape = DwconvBufferShape<D, KH, KW, S>;
  using Column = typename Shape::Column;
  static constexpr int kGroups = Shape::kGroups, kInputs = KH + ROWS - 1;
  static constexpr bool kKeepsWeights = KH * KW <= 9;
  static constexpr int kPixels = 2;

  const Column* at[kGroups];
  DwconvBlock<D> block;
  uint8_t* c;
  ptrdiff_t row_bytes, pixel_bytes;
  const void* correction;  // not with these codes

  // Of eight channels. Packed are pairs of rows, the first output row's first.
  struct Weights {
    const int16_t* packed;
    int16x8_t kept[kKeepsWeights ? KW : 1][2 * kGroups];

    QNNP_INLINE explicit Weights(const uint8_t* w) : packed(reinterpret_cast<const int16_t*>(w)) {
      if constexpr (kKeepsWeights) unroll<KW>([&](auto kx) QNNP_LAMBDA { load<kx>(kept[kx]); });
    }
    template <int kx>
    QNNP_INLINE void load(int16x8_t (&w)[2 * kGroups]) const {
      unroll<kGroups>([&](auto i) QNNP_LAMBDA {
        const int16x8x2_t pair = vld2q_s16(packed + (kx * kGroups + i) * 32);
        w[2 * i] = pair.val[0];
        w[2 * i + 1] = pair.val[1];
      });
    }
  };

  // Eight channels, number `half`, of P pixels from columns x on; output row r, pixel p: acc[p][r].
  template <int P>
  QNNP_INLINE void sum(const Weights& weights, int half, NeonSum (&acc)[P][ROWS]) const {
    const int32_t* const bias = block.bias + 8 * half;
    unroll<P * ROWS>([&](auto i) QNNP_LAMBDA {
      acc[i / ROWS][i % ROWS] = {vld1q_s32(bias), vld1q_s32(bias + 4)};
    });
    unroll<(P - 1) * S + KW>([&](auto column) QNNP_LAMBDA {
      int16x8_t data[kInputs];
      unroll<kInputs>([&](auto i)
                          QNNP_LAMBDA { data[i] = at[i / 2][column].vectors[2 * half + i % 2]; });
      unroll<P>([&](auto p) QNNP_LAMBDA {
        constexpr int kx = column - p * S;
        if constexpr (kx >= 0 && kx < KW) {
          int16x8_t loaded[2 * kGroups];
          if constexpr (!kKeepsWeights) weights.template load<kx>(loaded);
          const auto& w = kKeepsWeights ? weights.kept[kKeepsWeights ? kx : 0] : loaded;
          unroll<KH>([&](auto ky) QNNP_LAMBDA {
            unroll<ROWS>([&](auto r) QNNP_LAMBDA {
              NeonSum& s = acc[p][r];
              s.low = vmlal_s16(s.low, vget_low_s16(data[ky + r]), vget_low_s16(w[ky]));
              s.high = vmlal_s16(s.high, vget_high_s16(data[ky + r]), vget_high_s16(w[ky]));
            });
          });
        }
      });
    });
  }

  template <int P, class Ending>
  QNNP_INLINE void bytes_of(const Weights& weights, int half, const Ending& ending) {
    NeonSum acc[P][ROWS];
    sum<P>(weights, half, acc);
    const NeonScales scales(block.scale + 8 * half);
    if constexpr (ROWS == 2) {
      unroll<P>([&](auto p) QNNP_LAMBDA {
        const uint8x16_t bytes = ending(scales.words(acc[p][0]), scales.words(acc[p][1]));
        vst1_u8(c + p * pixel_bytes, vget_low_u8(bytes));
        vst1_u8(c + p * pixel_bytes + row_bytes, vget_high_u8(bytes));
      });
    } else {
      unroll<(P + 1) / 2>([&](auto pair) QNNP_LAMBDA {
        constexpr int first = 2 * pair, second = first + 1 < P ? first + 1 : first;
        const uint8x16_t bytes = ending(scales.words(acc[first][0]), scales.words(acc[second][0]));
        vst1_u8(c + first * pixel_bytes, vget_low_u8(bytes));
        if (second != first) vst1_u8(c + second * pixel_bytes, vget_high_u8(bytes));
      });
    }
    advance(P);
  }
  QNNP_INLINE void advance(ptrdiff_t count) {
    for (int i = 0; i < kGroups; i++) at[i] += count * S;
    c += count * pixel_bytes;
  }

  template <class Ending>
  static __attribute__((noinline)) void store_all(const NeonSums& from, const Ending& by,
                                                  ptrdiff_t count) {
    const Ending ending = by;
    if constexpr (KH == 3 && KW == 3 && S == 1 && ROWS == 2) {
      NeonStrip strip;
      for (int i = 0; i < 2; i++) strip.at[i] = from.at[i]->vectors;
      strip.bias = from.block.bias;
      strip.scale = from.block.scale;
      strip.weights = from.block.weights;
      strip.c = from.c;
      strip.row_bytes = from.row_bytes;
      strip.pixel_bytes = from.pixel_bytes;
      strip.pixels = count;
      return ending.run(strip);
    }
    for (int half = 0; half < 2; half++) {
      NeonSums sums = from;
      sums.c += 8 * half;
      const Weights weights(sums.block.weights + 32 * half);
      ptrdiff_t pixels = count;
      for (; pixels >= kPixels; pixels -= kPixels) {
        sums.template bytes_of<kPixels>(weights, half, ending);
      }
      if (pixels > 0) sums.template bytes_of<1>(weights, half, ending);
    }
  }

  // Whole blocks of bytes.
  static QNNP_INLINE void store(const NeonSums& from, const OutputParams& output,
                                ptrdiff_t pixels) {
    if (lowest_byte(output) != 0 || highest_byte(output) != 255) {
      store_all(from, NeonClamped(output), pixels);
    } else if (output.flip == 0) {
      store_all(from, NeonWhole<false>(output), pixels);
    } else {
      store_all(from, NeonWhole<true>(output), pixels);
    }
  }

  static QNNP_INLINE void store_short(const NeonSums& from, const OutputParams& output,
                                      ptrdiff_t pixels, size_t n) {
    store_part(from, output, pixels, n);
  }
  static QNNP_INLINE void store_wide(const NeonSums& from, OutputKind kind, ptrdiff_t pixels,
                                     size_t n) {
    OutputParams output = {};
    output.kind = kind;
    store_part(from, output, pixels, n);
  }

  // The first n channels of a block, anything.
  static __attribute__((noinline)) void store_part(const NeonSums& from, const OutputParams& output,
                                                   ptrdiff_t pixels, size_t n) {
    const NeonClamped clamped(output);
    const size_t size = element_bytes(output.kind);
    for (int half = 0; half < 2 && n > 8 * size_t(half); half++) {
      NeonSums sums = from;
      const NeonScales scales(sums.block.scale + 8 * half);
      const Weights weights(sums.block.weights + 32 * half);
      const size_t count = min<size_t>(n - 8 * size_t(half), 8);
      for (ptrdiff_t x = 0; x < pixels; x++, sums.advance(1)) {
        NeonSum acc[1][ROWS];
        sums.template sum<1>(weights, half, acc);
        for (int row = 0; row < ROWS; row++) {
          const NeonSum& sum = acc[0][row];
          uint8_t values[32];
          if (output.kind == OutputKind::bytes) {
            const int16x8_t words = scales.words(sum);
            vst1q_u8(values, clamped(words, words));
          } else if (output.kind == OutputKind::int32) {
            vst1q_s32(reinterpret_cast<int32_t*>(values), sum.low);
            vst1q_s32(reinterpret_cast<int32_t*>(values) + 4, sum.high);
          } else {
            float* const floats = reinterpret_cast<float*>(values);
            vst1q_f32(floats, vmulq_f32(vcvtq_f32_s32(sum.low), scales.low));
            vst1q_f32(floats + 4, vmulq_f32(vcvtq_f32_s32(sum.high), scales.high));
          }
          memcpy(sums.c + row * sums.row_bytes + 8 * size * size_t(half), values, count * size);
        }
      }
    }
  }
};

template <bool kFlip>
struct NeonRows {
  static constexpr Isa kIsa = Isa::neon;
  static constexpr int kBlock = 16, kGroup = 2, kVectors = 4, kLanes = 1, kPixels = 4;
  static constexpr bool kStrips = false;
  static constexpr int kSegments = 1, kFed = 0;
  static constexpr bool kFlips = kFlip;
  static constexpr WeightCode kCode = WeightCode::s16;
  using Sums = NeonRows<false>;
  using Data = int16x8_t;
  using Output = OutputParams;

  template <class Count, class Size>
  static QNNP_INLINE void interleave(const uint8_t* const (&rows)[2], Count, Size n,
                                     Data (&data)[4]) {
    unroll<2>([&](auto i) QNNP_LAMBDA {
      const uint8x16_t row = n == kBlock ? vld1q_u8(rows[i]) : NeonBytes::load_short(rows[i], n);
      data[i] = widened(vget_low_u8(row));
      data[2 + i] = widened(vget_high_u8(row));
    });
  }
  // Of signed bytes: a XOR 0x80 = a - -128.
  static QNNP_INLINE int16x8_t widened(uint8x8_t bytes) {
    return kFlip ? vsubl_s8(vreinterpret_s8_u8(bytes), vdup_n_s8(-128))
                 : vreinterpretq_s16_u16(vmovl_u8(bytes));
  }
};

template <bool kFlip>
struct DwconvParts<NeonRows<kFlip>> {
  using D = NeonRows<kFlip>;
  template <int KH, int KW, int S, int ROWS>
  using Sum = NeonSums<typename D::Sums, KH, KW, S, ROWS>;

  template <class Column, class Size>
  static QNNP_INLINE void interleave(Column* to, const uint8_t* (&p)[2], const ptrdiff_t (&step)[2],
                                     ptrdiff_t count, Size n) {
    if (n == D::kBlock) {
      const auto widen = kFlip ? qnnp_q8dwconv_neon_widen_signed : qnnp_q8dwconv_neon_widen;
      return widen(to, p, step, count);
    }
    for (; count > 0; count--, to++) {
      D::interleave(p, Index<2>(), n, to->vectors);
      for (int i = 0; i < 2; i++) p[i] += step[i];
    }
  }
};

}  // namespace
}  // namespace qnnp
