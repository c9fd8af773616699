// SPDX-License-Identifier: BSD-3-Clause
#include "isa/neon_blocks.h"
#include "x8transpose/tile.h"

namespace qnnp {
QNNP_DEFINE_X8TRANSPOSE(NeonBlocks, neon)
}  // namespace qnnp
