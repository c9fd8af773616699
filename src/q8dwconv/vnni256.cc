// SPDX-License-Identifier: BSD-3-Clause
#include "isa/vnni256.h"

#include "q8dwconv/quads.h"

namespace qnnp {
namespace {

template <bool kFlip>
using Vnni256Dwconv = QuadsDwconv<Vnni256Width, 8, kFlip>;

}  // namespace

QNNP_DEFINE_Q8DWCONV(Vnni256Dwconv, vnni256, any, 0, 0, 0)
QNNP_DEFINE_Q8DWCONV_BUFFERED(Vnni256Dwconv, vnni256, 3x3s1, 3, 3, 1)
QNNP_DEFINE_Q8DWCONV_BUFFERED(Vnni256Dwconv, vnni256, 3x3s2, 3, 3, 2)
QNNP_DEFINE_Q8DWCONV_BUFFERED(Vnni256Dwconv, vnni256, 5x5s1, 5, 5, 1)
QNNP_DEFINE_Q8DWCONV_BUFFERED(Vnni256Dwconv, vnni256, 5x5s2, 5, 5, 2)

}  // namespace qnnp
