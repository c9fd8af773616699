// SPDX-License-Identifier: BSD-3-Clause
// AVX512-VNNI: vpdpbusd at 512 bits (vnni.h).
#pragma once

#include "isa/avx512_floats.h"
#include "isa/vnni.h"

namespace qnnp {
namespace {

struct Avx512VnniWidth : Avx512Floats {
  static constexpr Isa kIsa = Isa::avx512vnni;

  static QNNP_INLINE V dot(V acc, V u8, V s8) { return _mm512_dpbusd_epi32(acc, u8, s8); }
  static QNNP_INLINE void totals(const V (&v)[4], int32_t more, int32_t factor, int32_t* to) {
    const V a = pair_sums(v[0], v[1]), b = pair_sums(v[2], v[3]);
    // Every lane of 128 bits: its share of the four sums.
    const V lanes = add32(_mm512_unpacklo_epi64(a, b), _mm512_unpackhi_epi64(a, b));
    const __m256i halves =
        _mm256_add_epi32(_mm512_castsi512_si256(lanes), _mm512_extracti64x4_epi64(lanes, 1));
    const __m128i four =
        _mm_add_epi32(_mm256_castsi256_si128(halves), _mm256_extracti128_si256(halves, 1));
    _mm_storeu_si128(
        reinterpret_cast<__m128i*>(to),
        _mm_mullo_epi32(_mm_add_epi32(four, _mm_set1_epi32(more)), _mm_set1_epi32(factor)));
  }
  static constexpr size_t kShortRow = 32;
  static QNNP_INLINE void sum_short(const uint8_t* a, size_t stride, size_t n, int32_t factor,
                                    int32_t* to) {
    V sums[8];  // of eight bytes each, of two rows
    const __mmask64 row = first64(n), rows = row | row << 32;
    if (stride == 32) {
      unroll<8>([&](auto i) QNNP_LAMBDA {
        sums[i] = byte_sums(_mm512_maskz_loadu_epi8(rows, a + 64 * i));
      });
    } else {
      unroll<8>([&](auto i) QNNP_LAMBDA {
        const V first = _mm512_maskz_loadu_epi8(row, a + 2 * i * stride);
        const uint8_t* const second = a + (2 * i + 1) * stride;
        sums[i] = byte_sums(_mm512_mask_loadu_epi8(first, row << 32, second - 32));
      });
    }
    V four[2];  // every lane of 128 bits: half of a row, of four vectors
    unroll<2>([&](auto i) QNNP_LAMBDA {
      const V words = _mm512_packus_epi32(_mm512_packus_epi32(sums[4 * i], sums[4 * i + 1]),
                                          _mm512_packus_epi32(sums[4 * i + 2], sums[4 * i + 3]));
      four[i] = _mm512_madd_epi16(words, set16(static_cast<int16_t>(factor)));
    });
    const V order = _mm512_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7, 8, 12, 9, 13, 10, 14, 11, 15);
    const V total = add32(_mm512_shuffle_i64x2(four[0], four[1], 0x88),
                          _mm512_shuffle_i64x2(four[0], four[1], 0xdd));
    _mm512_storeu_si512(to, _mm512_permutexvar_epi32(order, total));
  }

  using Output = Avx512Output;
  static constexpr int kStoredVectors = 4;
  static constexpr bool kNarrows = true;
  static constexpr int rows_of(int width) { return width == 1 ? 24 : 14; }
  static constexpr int kStepsTogether = 4;
  static constexpr bool kTurnsRows = true;
  static constexpr bool kBounded = true;
  template <int R, int NV>
  static QNNP_INLINE void store_rows(const V (&acc)[R][NV], const float* scale, const Output& out,
                                     uint8_t* const (&c)[R], size_t n) {
    out.store<true>(acc, scale, c, n);
  }
  static QNNP_INLINE bool below_one(const float* scale) {
    return _mm512_cmp_ps_mask(_mm512_load_ps(scale), _mm512_set1_ps(1), _CMP_NLT_UQ) == 0;
  }
  static QNNP_INLINE void store_limited(V acc, const float* scale, const Output& out, uint8_t* c,
                                        size_t n) {
    out.store<false, 1, 1>({{acc}}, scale, {c}, n);
  }

 private:
  static QNNP_INLINE V byte_sums(V v) { return _mm512_sad_epu8(v, _mm512_setzero_si512()); }
  static QNNP_INLINE V pair_sums(V a, V b) {
    return add32(_mm512_unpacklo_epi32(a, b), _mm512_unpackhi_epi32(a, b));
  }
};

template <bool kFlip>
using Avx512Vnni = Vnni<Avx512VnniWidth, kFlip>;

}  // namespace
}  // namespace qnnp
