// SPDX-License-Identifier: BSD-3-Clause
// F16C, which every processor with AVX2 has.
#include <immintrin.h>

#include "f16convert/tile.h"

namespace qnnp {
namespace {

struct Avx2F16 {
  static constexpr size_t kLanes = 8;
  static QNNP_INLINE void widen(const uint16_t* x, float* y) {
    _mm256_storeu_ps(y, _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(x))));
  }
  static QNNP_INLINE void narrow(const float* x, uint16_t* y) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(y),
                     _mm256_cvtps_ph(_mm256_loadu_ps(x), _MM_FROUND_TO_NEAREST_INT));
  }
};

}  // namespace
QNNP_DEFINE_F16CONVERT(Avx2F16, avx2)
}  // namespace qnnp
