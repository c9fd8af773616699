// SPDX-License-Identifier: BSD-3-Clause
#include "isa/sse41_floats.h"
#include "q8prelu/tile.h"

namespace qnnp {
QNNP_DEFINE_Q8PRELU(Sse41Floats, sse41)
}  // namespace qnnp
