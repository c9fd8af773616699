// SPDX-License-Identifier: BSD-3-Clause
// SSE4.1 as a row of int32 lanes (words.h).
#pragma once

#include "isa/sse41_bytes.h"
#include "isa/x86_words.h"

namespace qnnp {
namespace {

struct Sse41Words : Sse41Bytes {
  using Precise = X86Precise<Sse41Words>;
  using FixedPoint = X86FixedPoint<Sse41Words>;

  static QNNP_INLINE V load_words(const int32_t* p) {
    return _mm_loadu_si128(reinterpret_cast<const V*>(p));
  }
  static QNNP_INLINE V load_words_short(const int32_t* p, size_t n) {
    return load_short(reinterpret_cast<const uint8_t*>(p), min<size_t>(n, 4) * 4);
  }
  static QNNP_INLINE V in_order(V v) { return v; }

  static QNNP_INLINE V set64(int64_t x) { return _mm_set1_epi64x(x); }
  static QNNP_INLINE V abs32(V a) { return _mm_abs_epi32(a); }
  static QNNP_INLINE V odd32(V a) { return _mm_srli_epi64(a, 32); }
  static QNNP_INLINE V multiply_signed(V a, V b) { return _mm_mul_epi32(a, b); }
  static QNNP_INLINE V multiply_unsigned(V a, V b) { return _mm_mul_epu32(a, b); }
  static QNNP_INLINE V add64(V a, V b) { return _mm_add_epi64(a, b); }
  // Lanes have the same count, and these shifts take it from the lower 64 bits.
  static QNNP_INLINE V shift_right64(V a, V count) { return _mm_srl_epi64(a, count); }
  static QNNP_INLINE V shift_right_unsigned32(V a, V count) {
    return _mm_srl_epi32(a, odd32(count));
  }
  static QNNP_INLINE V join(V even, V odd) { return _mm_blend_epi16(even, odd, 0xcc); }
  static QNNP_INLINE V with_sign(V a, V sign) { return _mm_sign_epi32(a, sign); }
};

}  // namespace
}  // namespace qnnp
