// SPDX-License-Identifier: BSD-3-Clause
#include "isa/avx512vnni.h"

#include "q8dwconv/quads.h"

namespace qnnp {
namespace {

template <bool kFlip>
using Avx512VnniDwconv = QuadsDwconv<Avx512VnniWidth, 16, kFlip>;

}  // namespace

QNNP_DEFINE_Q8DWCONV(Avx512VnniDwconv, avx512vnni, any, 0, 0, 0)
QNNP_DEFINE_Q8DWCONV_BUFFERED(Avx512VnniDwconv, avx512vnni, 3x3s1, 3, 3, 1)
QNNP_DEFINE_Q8DWCONV_BUFFERED(Avx512VnniDwconv, avx512vnni, 3x3s2, 3, 3, 2)
QNNP_DEFINE_Q8DWCONV_BUFFERED(Avx512VnniDwconv, avx512vnni, 5x5s1, 5, 5, 1)
QNNP_DEFINE_Q8DWCONV_BUFFERED(Avx512VnniDwconv, avx512vnni, 5x5s2, 5, 5, 2)

}  // namespace qnnp
