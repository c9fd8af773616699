// SPDX-License-Identifier: BSD-3-Clause
#include "isa/avx2.h"

#include "q8conv/pair_tile.h"

namespace qnnp {
QNNP_DEFINE_Q8CONV_PAIRS(Avx2, avx2, 6, 16)
}  // namespace qnnp
