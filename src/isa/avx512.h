// SPDX-License-Identifier: BSD-3-Clause
// What all AVX512 instruction sets share: rounding, and masks for the ends of rows.
#pragma once

#include "isa/x86.h"

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

}  // namespace
}  // namespace qnnp
