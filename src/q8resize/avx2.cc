// SPDX-License-Identifier: BSD-3-Clause
#include "isa/avx2_bytes.h"
#include "q8resize/tile.h"

namespace qnnp {
namespace {

struct Avx2Floats : Avx2Bytes {
  static QNNP_INLINE F from_int(V v) { return _mm256_cvtepi32_ps(v); }
  static QNNP_INLINE V to_int(F f) { return _mm256_cvttps_epi32(f); }
  static QNNP_INLINE F mul(F a, F b) { return _mm256_mul_ps(a, b); }
  static QNNP_INLINE F add(F a, F b) { return _mm256_add_ps(a, b); }
};

}  // namespace

QNNP_DEFINE_Q8RESIZE(Avx2Floats, avx2)

}  // namespace qnnp
