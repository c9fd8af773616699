// SPDX-License-Identifier: BSD-3-Clause
// AVX2 as a row of int32 lanes (words.h).
#pragma once

#include "isa/avx2_bytes.h"
#include "isa/x86_words.h"

namespace qnnp {
namespace {

struct Avx2Words : Avx2Bytes {
  using Precise = X86Precise<Avx2Words>;
  using FixedPoint = X86FixedPoint<Avx2Words>;

  static QNNP_INLINE V load_words(const int32_t* p) {
    return _mm256_loadu_si256(reinterpret_cast<const V*>(p));
  }
  static QNNP_INLINE V load_words_short(const int32_t* p, size_t n) {
    const V lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    return _mm256_maskload_epi32(p, _mm256_cmpgt_epi32(set32(static_cast<int32_t>(n)), lanes));
  }
  static QNNP_INLINE V in_order(V v) {
    return _mm256_permutevar8x32_epi32(v, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
  }

  static QNNP_INLINE V set64(int64_t x) { return _mm256_set1_epi64x(x); }
  static QNNP_INLINE V abs32(V a) { return _mm256_abs_epi32(a); }
  static QNNP_INLINE V odd32(V a) { return _mm256_srli_epi64(a, 32); }
  static QNNP_INLINE V multiply_signed(V a, V b) { return _mm256_mul_epi32(a, b); }
  static QNNP_INLINE V multiply_unsigned(V a, V b) { return _mm256_mul_epu32(a, b); }
  static QNNP_INLINE V add64(V a, V b) { return _mm256_add_epi64(a, b); }
  static QNNP_INLINE V shift_right64(V a, V count) { return _mm256_srlv_epi64(a, count); }
  static QNNP_INLINE V shift_right_unsigned32(V a, V count) { return _mm256_srlv_epi32(a, count); }
  static QNNP_INLINE V join(V even, V odd) { return _mm256_blend_epi32(even, odd, 0xaa); }
  static QNNP_INLINE V with_sign(V a, V sign) { return _mm256_sign_epi32(a, sign); }
};

}  // namespace
}  // namespace qnnp
