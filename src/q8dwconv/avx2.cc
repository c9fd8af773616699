// SPDX-License-Identifier: BSD-3-Clause
#include "isa/avx2_floats.h"
#include "q8dwconv/pairs.h"

namespace qnnp {
namespace {

template <bool kFlip>
using Avx2Dwconv = PairsDwconv<Avx2Floats, kFlip>;

}  // namespace

QNNP_DEFINE_Q8DWCONV(Avx2Dwconv, avx2, any, 0, 0, 0)
QNNP_DEFINE_Q8DWCONV_BUFFERED(Avx2Dwconv, avx2, 3x3s1, 3, 3, 1)
QNNP_DEFINE_Q8DWCONV_BUFFERED(Avx2Dwconv, avx2, 3x3s2, 3, 3, 2)
QNNP_DEFINE_Q8DWCONV_BUFFERED(Avx2Dwconv, avx2, 5x5s1, 5, 5, 1)
QNNP_DEFINE_Q8DWCONV_BUFFERED(Avx2Dwconv, avx2, 5x5s2, 5, 5, 2)

}  // namespace qnnp
