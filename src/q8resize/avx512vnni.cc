// SPDX-License-Identifier: BSD-3-Clause
#include "isa/avx512_bytes.h"
#include "q8resize/tile.h"

namespace qnnp {
namespace {

struct Avx512Floats : Avx512Bytes {
  static QNNP_INLINE F from_int(V v) { return _mm512_cvtepi32_ps(v); }
  static QNNP_INLINE V to_int(F f) { return _mm512_cvttps_epi32(f); }
  static QNNP_INLINE F mul(F a, F b) { return _mm512_mul_ps(a, b); }
  static QNNP_INLINE F add(F a, F b) { return _mm512_add_ps(a, b); }
};

}  // namespace

QNNP_DEFINE_Q8RESIZE(Avx512Floats, avx512vnni)

}  // namespace qnnp
