// SPDX-License-Identifier: BSD-3-Clause
// SSE4.1: bytes as floats (floats.h). One 128-bit lane: interleaving and packing keep the order.
#pragma once

#include "isa/floats.h"
#include "isa/sse41_bytes.h"

namespace qnnp {
namespace {

struct Sse41Floats : Sse41Bytes {
  static constexpr size_t kFloats = 4;

  static QNNP_INLINE F load_floats(const float* p) { return _mm_loadu_ps(p); }
  static QNNP_INLINE void store_floats(float* p, F f) { _mm_storeu_ps(p, f); }
  // A byte below the upper half of 2^23 is the float 2^23 + byte.
  static QNNP_INLINE F offset(uint8_t z) { return set_float(0x1p23f + z); }
  static QNNP_INLINE void spread(V v, F (&f)[4], F offset) {
    const V words0 = lower8(v), words1 = upper8(v), two23 = set16(0x4b00);
    f[0] = sub(_mm_castsi128_ps(lower16(words0, two23)), offset);
    f[1] = sub(_mm_castsi128_ps(upper16(words0, two23)), offset);
    f[2] = sub(_mm_castsi128_ps(lower16(words1, two23)), offset);
    f[3] = sub(_mm_castsi128_ps(upper16(words1, two23)), offset);
  }
  static QNNP_INLINE V join(const F (&f)[4], V zero_point) {
    const V words0 = add16(pack32(_mm_cvtps_epi32(f[0]), _mm_cvtps_epi32(f[1])), zero_point);
    const V words1 = add16(pack32(_mm_cvtps_epi32(f[2]), _mm_cvtps_epi32(f[3])), zero_point);
    return pack16(words0, words1);
  }
  static QNNP_INLINE F sub(F a, F b) { return _mm_sub_ps(a, b); }
  static QNNP_INLINE F mul(F a, F b) { return _mm_mul_ps(a, b); }
  static QNNP_INLINE F div(F a, F b) { return _mm_div_ps(a, b); }
  static QNNP_INLINE F least(F a, F b) { return _mm_min_ps(a, b); }
  static QNNP_INLINE F known(F f) { return _mm_and_ps(f, _mm_cmpord_ps(f, f)); }
  static QNNP_INLINE F where_negative(F d, F a, F b) { return _mm_blendv_ps(b, a, d); }
};

}  // namespace
}  // namespace qnnp
