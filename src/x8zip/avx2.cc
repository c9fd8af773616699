// SPDX-License-Identifier: BSD-3-Clause
#include "isa/avx2_blocks.h"
#include "x8zip/tile.h"

namespace qnnp {
QNNP_DEFINE_X8ZIP(Avx2Blocks, avx2, zip_any<x8transpose__avx2>)
}  // namespace qnnp
