// SPDX-License-Identifier: BSD-3-Clause
#include "isa/avx512_blocks.h"
#include "x8transpose/tile.h"

namespace qnnp {
QNNP_DEFINE_X8TRANSPOSE(Avx512Blocks, avx512vnni)
}  // namespace qnnp
