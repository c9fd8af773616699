// SPDX-License-Identifier: BSD-3-Clause
// What all AVX512 instruction sets share: masks for the ends of rows, and the epilogue.
#pragma once

#include "isa/x86.h"
#include "requantization/output.h"

namespace qnnp {
namespace {

// round_half_even(min(float(acc) * scale, high)), as in avx2.h.
QNNP_INLINE __m512i avx512_scaled(__m512i acc, __m512 scale, __m512 high) {
  return _mm512_cvtps_epi32(_mm512_min_ps(_mm512_mul_ps(_mm512_cvtepi32_ps(acc), scale), high));
}
// The lowest n of 16 or 64 elements.
QNNP_INLINE __mmask16 first16(size_t n) {
  return static_cast<__mmask16>(n >= 16 ? 0xffffu : (1u << n) - 1);
}
QNNP_INLINE __mmask64 first64(size_t n) { return n >= 64 ? ~uint64_t{0} : (uint64_t{1} << n) - 1; }

struct Avx512Output {
  __m512 high;
  __m512i low, zero_point, low8, zero_point16, flip;
  QNNP_INLINE explicit Avx512Output(const OutputParams& output)
      : high(_mm512_set1_ps(output.high)),
        low(_mm512_set1_epi32(static_cast<int32_t>(output.low))),
        zero_point(_mm512_set1_epi32(output.zero_point)),
        low8(_mm512_set1_epi8(static_cast<char>(lowest_byte(output)))),
        zero_point16(_mm512_set1_epi16(static_cast<int16_t>(output.zero_point))),
        flip(_mm512_set1_epi8(static_cast<char>(output.flip))) {}
  // Requantizes the sums of a row and stores its first n columns.
  template <int NV>
  QNNP_INLINE void store(const __m512i (&acc)[NV], const float* scale, uint8_t* c, size_t n) const {
    static_assert(NV == 1 || NV == 2 || NV == 4, "16, 32 or 64 columns");
    __m512i x[NV];
    unroll<NV>([&](auto j) QNNP_LAMBDA {
      x[j] = avx512_scaled(acc[j], _mm512_load_ps(scale + 16 * j), high);
    });
    if constexpr (NV == 1) {
      const __m512i y = _mm512_add_epi32(_mm512_max_epi32(x[0], low), zero_point);
      const __m128i bytes = _mm_xor_si128(_mm512_cvtepi32_epi8(y), _mm512_castsi512_si128(flip));
      _mm_mask_storeu_epi8(c, first16(n), bytes);
    } else {
      const __m512i lower = _mm512_adds_epi16(_mm512_packs_epi32(x[0], x[1]), zero_point16);
      const __m512i upper =
          NV == 2 ? lower
                  : _mm512_adds_epi16(_mm512_packs_epi32(x[NV - 2], x[NV - 1]), zero_point16);
      const __m512i lanes =
          _mm512_xor_si512(_mm512_max_epu8(_mm512_packus_epi16(lower, upper), low8), flip);
      // Each lane has four columns of every vector.
      const __m512i bytes = _mm512_permutexvar_epi32(
          _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15), lanes);
      _mm512_mask_storeu_epi8(c, first64(n), bytes);
    }
  }
};

}  // namespace
}  // namespace qnnp
