// SPDX-License-Identifier: BSD-3-Clause
#include "isa/neon_blocks.h"
#include "x8zip/tile.h"

namespace qnnp {
QNNP_DEFINE_X8ZIP(NeonBlocks, neon, zip_any<x8transpose__neon>)
}  // namespace qnnp
