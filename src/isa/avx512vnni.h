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
    const V lanes = lane_sums(v);
    const __m256i halves =
        _mm256_add_epi32(_mm512_castsi512_si256(lanes), _mm512_extracti64x4_epi64(lanes, 1));
    const __m128i four =
        _mm_add_epi32(_mm256_castsi256_si128(halves), _mm256_extracti128_si256(halves, 1));
    _mm_storeu_si128(
        reinterpret_cast<__m128i*>(to),
        _mm_mullo_epi32(_mm_add_epi32(four, _mm_set1_epi32(more)), _mm_set1_epi32(factor)));
  }
  static constexpr size_t kShortRow = 32;
  static QNNP_INLINE V load_two(const uint8_t* a, const uint8_t* b, size_t n) {
    const V low = _mm512_maskz_loadu_epi8(first64(n), a);
    return _mm512_mask_loadu_epi8(low, first64(n) << 32, b - 32);
  }
  static QNNP_INLINE void totals_of_two(const V (&v)[8], int32_t more, int32_t factor,
                                        int32_t* to) {
    const V a = lane_sums({v[0], v[1], v[2], v[3]}), b = lane_sums({v[4], v[5], v[6], v[7]});
    const V sums = add32(_mm512_shuffle_i64x2(a, b, 0x88), _mm512_shuffle_i64x2(a, b, 0xdd));
    _mm512_storeu_si512(to, _mm512_mullo_epi32(add32(sums, set32(more)), set32(factor)));
  }

  using Output = Avx512Output;
  static constexpr int kStoredVectors = 4;
  static constexpr bool kNarrows = true;
  static constexpr int kStepsTogether = 4;
  static constexpr bool kTurnsRows = true;
  template <int R, int NV>
  static QNNP_INLINE void store_rows(const V (&acc)[R][NV], const float* scale, const Output& out,
                                     uint8_t* const (&c)[R], size_t n) {
    out.store(acc, scale, c, n);
  }

 private:
  // Every lane of 128 bits: its share of the four sums.
  static QNNP_INLINE V lane_sums(const V (&v)[4]) {
    const V a = pair_sums(v[0], v[1]), b = pair_sums(v[2], v[3]);
    return add32(_mm512_unpacklo_epi64(a, b), _mm512_unpackhi_epi64(a, b));
  }
  static QNNP_INLINE V pair_sums(V a, V b) {
    return add32(_mm512_unpacklo_epi32(a, b), _mm512_unpackhi_epi32(a, b));
  }
};

template <bool kFlip>
using Avx512Vnni = Vnni<Avx512VnniWidth, kFlip>;

}  // namespace
}  // namespace qnnp
