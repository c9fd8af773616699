// SPDX-License-Identifier: BSD-3-Clause
#include "isa/sse41_blocks.h"
#include "x8transpose/tile.h"

namespace qnnp {
QNNP_DEFINE_X8TRANSPOSE(Sse41Blocks, sse41)
}  // namespace qnnp
