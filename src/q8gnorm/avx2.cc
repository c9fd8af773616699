// SPDX-License-Identifier: BSD-3-Clause
#include "isa/avx2_bytes.h"
#include "q8gnorm/sums.h"
#include "q8gnorm/x86_lines.h"

namespace qnnp {
namespace {

struct Avx2Eight {
  static QNNP_INLINE __m128i four(__m128i x, const double* factor, const double* offset,
                                  double high) {
    const __m256d product = _mm256_mul_pd(_mm256_cvtepi32_pd(x), _mm256_loadu_pd(factor));
    const __m256d value = _mm256_add_pd(product, _mm256_loadu_pd(offset));
    return _mm256_cvtpd_epi32(_mm256_min_pd(value, _mm256_set1_pd(high)));
  }
  static QNNP_INLINE __m256i run(__m256i x, const double* factor, const double* offset,
                                 double high) {
    const __m128i lower = four(_mm256_castsi256_si128(x), factor, offset, high);
    const __m128i upper = four(_mm256_extracti128_si256(x, 1), factor + 4, offset + 4, high);
    return _mm256_inserti128_si256(_mm256_castsi128_si256(lower), upper, 1);
  }
};

}  // namespace

const NormKernel q8gnorm__avx2 = {"avx2", Isa::avx2, norm_sums<Avx2Bytes>, x86_lines<Avx2Eight>};

}  // namespace qnnp
