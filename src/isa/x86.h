// SPDX-License-Identifier: BSD-3-Clause
// Exact-length loads and stores of vectors, shared by the x86 instruction sets.
#pragma once

#include <immintrin.h>

#include "isa/short_loads.h"

namespace qnnp {
namespace {

// n <= 16 bytes, zeros above.
QNNP_INLINE __m128i load_short(const uint8_t* p, size_t n) {
  if (n >= 16) return _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
  const uint64_t low = n >= 8 ? load_u64(p) : load_u64_short(p, n);
  const uint64_t high = n > 8 ? load_u64_short(p + 8, n - 8) : 0;
  return _mm_set_epi64x(static_cast<long long>(high), static_cast<long long>(low));
}

// The first n <= 16 bytes of v.
QNNP_INLINE void store_short(uint8_t* c, __m128i v, size_t n) {
  if (n >= 16) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(c), v);
    return;
  }
  if (n & 8) {
    _mm_storel_epi64(reinterpret_cast<__m128i*>(c), v);
    v = _mm_unpackhi_epi64(v, v);
    c += 8;
  }
  if (n & 4) {
    const int32_t four = _mm_cvtsi128_si32(v);
    memcpy(c, &four, 4);
    v = _mm_srli_epi64(v, 32);
    c += 4;
  }
  if (n & 2) {
    const int32_t two = _mm_cvtsi128_si32(v);
    memcpy(c, &two, 2);
    v = _mm_srli_epi32(v, 16);
    c += 2;
  }
  if (n & 1) *c = static_cast<uint8_t>(_mm_cvtsi128_si32(v));
}

}  // namespace
}  // namespace qnnp
