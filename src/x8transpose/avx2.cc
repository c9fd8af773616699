// SPDX-License-Identifier: BSD-3-Clause
#include "isa/avx2_blocks.h"
#include "x8transpose/tile.h"

namespace qnnp {
QNNP_DEFINE_X8TRANSPOSE(Avx2Blocks, avx2)
}  // namespace qnnp
