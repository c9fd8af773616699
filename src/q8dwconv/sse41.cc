// SPDX-License-Identifier: BSD-3-Clause
#include "isa/sse41_floats.h"
#include "q8dwconv/pairs.h"

namespace qnnp {
namespace {

template <bool kFlip>
using Sse41Dwconv = PairsDwconv<Sse41Floats, kFlip>;

}  // namespace

QNNP_DEFINE_Q8DWCONV(Sse41Dwconv, sse41, any, 0, 0, 0)
QNNP_DEFINE_Q8DWCONV_BUFFERED(Sse41Dwconv, sse41, 3x3s1, 3, 3, 1)
QNNP_DEFINE_Q8DWCONV_BUFFERED(Sse41Dwconv, sse41, 3x3s2, 3, 3, 2)

}  // namespace qnnp
