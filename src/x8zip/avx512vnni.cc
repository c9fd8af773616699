// SPDX-License-Identifier: BSD-3-Clause
// Groups are zipped in vectors of 32 bytes: those of 64 leave one port to shuffles, cross cache lines
// with every store where pixels are not whole lines, and short groups do not fill them.
#include "isa/avx512_blocks.h"
#include "x8zip/tile.h"

namespace qnnp {
QNNP_DEFINE_X8ZIP(Avx2Blocks, avx512vnni, zip_any<x8transpose__avx512vnni>)
}  // namespace qnnp
