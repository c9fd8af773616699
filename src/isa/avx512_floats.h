// SPDX-License-Identifier: BSD-3-Clause
// AVX512: bytes as floats (floats.h).
#pragma once

#include "isa/avx512_bytes.h"
#include "isa/floats.h"

namespace qnnp {
namespace {

struct Avx512Floats : Avx512Bytes {
  static constexpr size_t kFloats = 16;

  static QNNP_INLINE F load_floats(const float* p) { return _mm512_loadu_ps(p); }
  static QNNP_INLINE void store_floats(float* p, F f) { _mm512_storeu_ps(p, f); }
  // A byte below the upper half of 2^23 is the float 2^23 + byte.
  static QNNP_INLINE F offset(uint8_t z) { return set_float(0x1p23f + z); }
  static QNNP_INLINE void spread(V v, F (&f)[4], F offset) {
    const V ordered = _mm512_permutexvar_epi32(transposition(), v);
    const V words0 = lower8(ordered), words1 = upper8(ordered), two23 = set16(0x4b00);
    f[0] = sub(_mm512_castsi512_ps(lower16(words0, two23)), offset);
    f[1] = sub(_mm512_castsi512_ps(upper16(words0, two23)), offset);
    f[2] = sub(_mm512_castsi512_ps(lower16(words1, two23)), offset);
    f[3] = sub(_mm512_castsi512_ps(upper16(words1, two23)), offset);
  }
  static QNNP_INLINE V join(const F (&f)[4], V zero_point) {
    const V words0 = add16(pack32(_mm512_cvtps_epi32(f[0]), _mm512_cvtps_epi32(f[1])), zero_point);
    const V words1 = add16(pack32(_mm512_cvtps_epi32(f[2]), _mm512_cvtps_epi32(f[3])), zero_point);
    return _mm512_permutexvar_epi32(transposition(), pack16(words0, words1));
  }
  static QNNP_INLINE F sub(F a, F b) { return _mm512_sub_ps(a, b); }
  static QNNP_INLINE F mul(F a, F b) { return _mm512_mul_ps(a, b); }
  static QNNP_INLINE F div(F a, F b) { return _mm512_div_ps(a, b); }
  static QNNP_INLINE F least(F a, F b) { return _mm512_min_ps(a, b); }
  static QNNP_INLINE F known(F f) {
    return _mm512_maskz_mov_ps(_mm512_cmp_ps_mask(f, f, _CMP_ORD_Q), f);
  }
  static QNNP_INLINE F where_negative(F d, F a, F b) {
    return _mm512_mask_blend_ps(_mm512_movepi32_mask(_mm512_castps_si512(d)), b, a);
  }

 private:
  // Of 4 x 4 groups of four bytes: interleaving and packing work within lanes, and each lane has a
  // group of every vector.
  static QNNP_INLINE V transposition() {
    return _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
  }
};

}  // namespace
}  // namespace qnnp
