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
  __m512i low, zero_point;
  __m128i flip;
  QNNP_INLINE explicit Avx512Output(const OutputParams& output)
      : high(_mm512_set1_ps(output.high)),
        low(_mm512_set1_epi32(static_cast<int32_t>(output.low))),
        zero_point(_mm512_set1_epi32(output.zero_point)),
        flip(_mm_set1_epi8(static_cast<char>(output.flip))) {}
  // Requantizes the sums of a row and stores its first n columns.
  template <int NV>
  QNNP_INLINE void store(const __m512i (&acc)[NV], const float* scale, uint8_t* c, size_t n) const {
    unroll<NV>([&](auto j) QNNP_LAMBDA {
      const __m512i x = avx512_scaled(acc[j], _mm512_load_ps(scale + 16 * j), high);
      const __m512i y = _mm512_add_epi32(_mm512_max_epi32(x, low), zero_point);
      const size_t left = n > size_t(16 * j) ? n - size_t(16 * j) : 0;
      _mm_mask_storeu_epi8(c + 16 * j, first16(left), _mm_xor_si128(_mm512_cvtepi32_epi8(y), flip));
    });
  }
};

}  // namespace
}  // namespace qnnp
