// SPDX-License-Identifier: BSD-3-Clause
#include "isa/avx2_floats.h"
#include "q8prelu/tile.h"

namespace qnnp {
QNNP_DEFINE_Q8PRELU(Avx2Floats, avx2)
}  // namespace qnnp
