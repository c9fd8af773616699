// SPDX-License-Identifier: BSD-3-Clause
#include "isa/neon_floats.h"
#include "q8prelu/tile.h"

namespace qnnp {
QNNP_DEFINE_Q8PRELU(NeonFloats, neon)
}  // namespace qnnp
