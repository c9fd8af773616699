// SPDX-License-Identifier: BSD-3-Clause
#include "isa/sse41_bytes.h"
#include "q8resize/tile.h"

namespace qnnp {
namespace {

struct Sse41Floats : Sse41Bytes {
  static QNNP_INLINE F from_int(V v) { return _mm_cvtepi32_ps(v); }
  static QNNP_INLINE V to_int(F f) { return _mm_cvttps_epi32(f); }
  static QNNP_INLINE F mul(F a, F b) { return _mm_mul_ps(a, b); }
  static QNNP_INLINE F add(F a, F b) { return _mm_add_ps(a, b); }
};

}  // namespace

QNNP_DEFINE_Q8RESIZE(Sse41Floats, sse41)

}  // namespace qnnp
