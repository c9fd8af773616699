// SPDX-License-Identifier: BSD-3-Clause
// Exact-length loads and stores shared by the x86 instruction sets.
#pragma once

#include <immintrin.h>

#include "base/common.h"

namespace qnnp {
namespace {

QNNP_INLINE uint32_t load_u32(const uint8_t* p) {
  uint32_t value;
  memcpy(&value, p, 4);
  return value;
}
QNNP_INLINE uint64_t load_u64(const uint8_t* p) {
  uint64_t value;
  memcpy(&value, p, 8);
  return value;
}

// n < 4 bytes, zeros above.
QNNP_INLINE uint32_t load_u32_short(const uint8_t* p, size_t n) {
  uint32_t value = 0;
  if (n & 2) {
    uint16_t pair;
    memcpy(&pair, p, 2);
    value = pair;
  }
  if (n & 1) value |= static_cast<uint32_t>(p[n - 1]) << (8 * (n - 1));
  return value;
}

// n < 8 bytes, zeros above.
QNNP_INLINE uint64_t load_u64_short(const uint8_t* p, size_t n) {
  if (n < 4) return load_u32_short(p, n);
  // The two halves overlap; the shift drops what the first one has already.
  return load_u32(p) | (n == 4 ? 0 : static_cast<uint64_t>(load_u32(p + n - 4)) << (8 * (n - 4)));
}

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
