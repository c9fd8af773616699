// SPDX-License-Identifier: BSD-3-Clause
// SSE4.1: exact dot products of 16-bit operands (pmaddwd), as AVX2 with half the width.
#pragma once

#include "isa/dot.h"
#include "isa/x86.h"

namespace qnnp {
namespace {

// round_half_even(min(float(acc) * scale, high)), as in avx2.h.
QNNP_INLINE __m128i sse41_scaled(__m128i acc, __m128 scale, __m128 high) {
  return _mm_cvtps_epi32(_mm_min_ps(_mm_mul_ps(_mm_cvtepi32_ps(acc), scale), high));
}

struct Sse41Output {
  __m128 high;
  __m128i zero_point;  // s16
  __m128i low;         // u8: output_min
  __m128i flip;
  QNNP_INLINE explicit Sse41Output(const OutputParams& output)
      : high(_mm_set1_ps(output.high)),
        zero_point(_mm_set1_epi16(static_cast<int16_t>(output.zero_point))),
        low(_mm_set1_epi8(static_cast<char>(lowest_byte(output)))),
        flip(_mm_set1_epi8(static_cast<char>(output.flip))) {}
  // NV vectors of 4 sums -> 4 * NV bytes, in order.
  template <int NV>
  QNNP_INLINE __m128i bytes(const __m128i (&acc)[NV], const float* scale) const {
    static_assert(NV == 2 || NV == 4, "8 or 16 columns");
    __m128i x[NV];
    unroll<NV>([&](auto j)
                   QNNP_LAMBDA { x[j] = sse41_scaled(acc[j], _mm_load_ps(scale + 4 * j), high); });
    const __m128i lower = _mm_adds_epi16(_mm_packs_epi32(x[0], x[1]), zero_point);
    const __m128i upper = _mm_adds_epi16(_mm_packs_epi32(x[NV - 2], x[NV - 1]), zero_point);
    return _mm_xor_si128(_mm_max_epu8(_mm_packus_epi16(lower, upper), low), flip);
  }
};

template <bool kFlip>
struct Sse41 {
  static constexpr Isa kIsa = Isa::sse41;
  // Eight bytes of a row become four pairs of 16 bits; each is broadcast and meets the pairs of 4
  // columns.
  static constexpr int kStep = 8, kCols = 4;
  static constexpr WeightCode kCode = WeightCode::s16;
  static constexpr SlotOrder kOrder = SlotOrder::pairs_outer;
  using Acc = __m128i;
  using Output = Sse41Output;

  static QNNP_INLINE Acc bias(const int32_t* p) {
    return _mm_load_si128(reinterpret_cast<const __m128i*>(p));
  }
  static QNNP_INLINE Acc add(Acc acc, int32_t) { return acc; }

  static QNNP_INLINE __m128i words(const uint8_t* p) {
    __m128i bytes = _mm_cvtsi64_si128(static_cast<long long>(load_u64(p)));
    if (kFlip) bytes = _mm_xor_si128(bytes, _mm_set1_epi8(-128));
    return _mm_cvtepu8_epi16(bytes);
  }

  template <int MR, int NV, class Pointers>
  static QNNP_INLINE void step(Acc (&acc)[MR][NV], const Pointers& p, const uint8_t* b) {
    const __m128i* w = reinterpret_cast<const __m128i*>(b);
    __m128i a[MR];
    unroll<MR>([&](auto i) QNNP_LAMBDA { a[i] = words(p.row(i)); });
    unroll<4>([&](auto pair) QNNP_LAMBDA {
      __m128i weights[NV];
      unroll<NV>([&](auto j) QNNP_LAMBDA { weights[j] = _mm_load_si128(w + NV * pair + j); });
      unroll<MR>([&](auto i) QNNP_LAMBDA {
        const __m128i same = _mm_shuffle_epi32(a[i], 0x55 * pair);
        unroll<NV>([&](auto j) QNNP_LAMBDA {
          acc[i][j] = _mm_add_epi32(acc[i][j], _mm_madd_epi16(same, weights[j]));
          // Without it clang sums up the four pairs first, and its temporaries fill the stack.
          __asm__("" : "+x"(acc[i][j]));
        });
      });
    });
  }

  static constexpr int kStoredVectors = 1;
  static constexpr bool kNarrows = false;
  static constexpr int kStepsTogether = 1;
  static constexpr bool kTurnsRows = false;
  static constexpr bool kBounded = false;
  template <int NV>
  static QNNP_INLINE void store(const Acc (&acc)[1][NV], const float* scale, const Output& out,
                                uint8_t* const (&c)[1], size_t n) {
    store_short(c[0], out.bytes(acc[0], scale), n);
  }
  template <int NV>
  static QNNP_INLINE void spill(const Acc (&acc)[NV], int32_t* sums) {
    unroll<NV>([&](auto j)
                   QNNP_LAMBDA { _mm_storeu_si128(reinterpret_cast<__m128i*>(sums) + j, acc[j]); });
  }
};

}  // namespace
}  // namespace qnnp
