// SPDX-License-Identifier: BSD-3-Clause
#include "isa/sse41_blocks.h"
#include "x8zip/tile.h"

namespace qnnp {
QNNP_DEFINE_X8ZIP(Sse41Blocks, sse41, zip_any<x8transpose__sse41>)
}  // namespace qnnp
