// SPDX-License-Identifier: BSD-3-Clause
#include "isa/avx512_bytes.h"
#include "q8gnorm/sums.h"
#include "q8gnorm/x86_lines.h"

namespace qnnp {
namespace {

struct Avx512Eight {
  static QNNP_INLINE __m256i run(__m256i x, const double* factor, const double* offset,
                                 double high) {
    const __m512d product = _mm512_mul_pd(_mm512_cvtepi32_pd(x), _mm512_loadu_pd(factor));
    const __m512d value = _mm512_add_pd(product, _mm512_loadu_pd(offset));
    return _mm512_cvtpd_epi32(_mm512_min_pd(value, _mm512_set1_pd(high)));
  }
};

}  // namespace

const NormKernel q8gnorm__avx512vnni = {"avx512vnni", Isa::avx512vnni, norm_sums<Avx512Bytes>,
                                        x86_lines<Avx512Eight>};

}  // namespace qnnp
