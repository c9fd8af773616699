// SPDX-License-Identifier: BSD-3-Clause
#include "isa/avx512_blocks.h"
#include "x8zip/tile.h"

namespace qnnp {
QNNP_DEFINE_X8ZIP(Avx512Blocks, avx512vnni, zip_any<x8transpose__avx512vnni>)
}  // namespace qnnp
