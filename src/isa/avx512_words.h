// SPDX-License-Identifier: BSD-3-Clause
// AVX512 as a row of int32 lanes (words.h).
#pragma once

#include "isa/avx512_bytes.h"
#include "isa/x86_words.h"

namespace qnnp {
namespace {

struct Avx512Words : Avx512Bytes {
  using Precise = X86Precise<Avx512Words>;
  using FixedPoint = X86FixedPoint<Avx512Words>;

  static QNNP_INLINE V load_words(const int32_t* p) { return _mm512_loadu_si512(p); }
  static QNNP_INLINE V load_words_short(const int32_t* p, size_t n) {
    return _mm512_maskz_loadu_epi32(first16(n), p);
  }
  static QNNP_INLINE V in_order(V v) {
    return _mm512_permutexvar_epi32(
        _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15), v);
  }

  static QNNP_INLINE V set64(int64_t x) { return _mm512_set1_epi64(x); }
  static QNNP_INLINE V abs32(V a) { return _mm512_abs_epi32(a); }
  static QNNP_INLINE V odd32(V a) { return _mm512_srli_epi64(a, 32); }
  static QNNP_INLINE V multiply_signed(V a, V b) { return _mm512_mul_epi32(a, b); }
  static QNNP_INLINE V multiply_unsigned(V a, V b) { return _mm512_mul_epu32(a, b); }
  static QNNP_INLINE V add64(V a, V b) { return _mm512_add_epi64(a, b); }
  static QNNP_INLINE V shift_right64(V a, V count) { return _mm512_srlv_epi64(a, count); }
  static QNNP_INLINE V shift_right_unsigned32(V a, V count) { return _mm512_srlv_epi32(a, count); }
  static QNNP_INLINE V join(V even, V odd) { return _mm512_mask_mov_epi32(even, 0xaaaa, odd); }
  static QNNP_INLINE V with_sign(V a, V sign) {
    return _mm512_mask_sub_epi32(a, _mm512_movepi32_mask(sign), zero(), a);
  }
};

}  // namespace
}  // namespace qnnp
