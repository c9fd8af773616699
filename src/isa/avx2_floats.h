// SPDX-License-Identifier: BSD-3-Clause
// AVX2: bytes as floats (floats.h).
#pragma once

#include "isa/avx2_bytes.h"
#include "isa/floats.h"

namespace qnnp {
namespace {

struct Avx2Floats : Avx2Bytes {
  static constexpr size_t kFloats = 8;

  static QNNP_INLINE F load_floats(const float* p) { return _mm256_loadu_ps(p); }
  static QNNP_INLINE void store_floats(float* p, F f) { _mm256_storeu_ps(p, f); }
  // A byte below the upper half of 2^23 is the float 2^23 + byte.
  static QNNP_INLINE F offset(uint8_t z) { return set_float(0x1p23f + z); }
  static QNNP_INLINE void spread(V v, F (&f)[4], F offset) {
    const V ordered = _mm256_permutevar8x32_epi32(v, _mm256_setr_epi32(0, 2, 4, 6, 1, 3, 5, 7));
    const V words0 = lower8(ordered), words1 = upper8(ordered), two23 = set16(0x4b00);
    f[0] = sub(_mm256_castsi256_ps(lower16(words0, two23)), offset);
    f[1] = sub(_mm256_castsi256_ps(upper16(words0, two23)), offset);
    f[2] = sub(_mm256_castsi256_ps(lower16(words1, two23)), offset);
    f[3] = sub(_mm256_castsi256_ps(upper16(words1, two23)), offset);
  }
  // Packing works within lanes: each has four bytes of every vector, which then find their places.
  static QNNP_INLINE V join(const F (&f)[4], V zero_point) {
    const V words0 = add16(pack32(_mm256_cvtps_epi32(f[0]), _mm256_cvtps_epi32(f[1])), zero_point);
    const V words1 = add16(pack32(_mm256_cvtps_epi32(f[2]), _mm256_cvtps_epi32(f[3])), zero_point);
    return _mm256_permutevar8x32_epi32(pack16(words0, words1),
                                       _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
  }
  static QNNP_INLINE F sub(F a, F b) { return _mm256_sub_ps(a, b); }
  static QNNP_INLINE F mul(F a, F b) { return _mm256_mul_ps(a, b); }
  static QNNP_INLINE F div(F a, F b) { return _mm256_div_ps(a, b); }
  static QNNP_INLINE F least(F a, F b) { return _mm256_min_ps(a, b); }
  static QNNP_INLINE F known(F f) { return _mm256_and_ps(f, _mm256_cmp_ps(f, f, _CMP_ORD_Q)); }
  static QNNP_INLINE F where_negative(F d, F a, F b) { return _mm256_blendv_ps(b, a, d); }
};

}  // namespace
}  // namespace qnnp
