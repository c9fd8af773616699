// SPDX-License-Identifier: BSD-3-Clause
#include "isa/avx512_table.h"
#include "x8lut/tile.h"

namespace qnnp {
QNNP_DEFINE_X8LUT(Avx512ByteTable, avx512vbmi)
}  // namespace qnnp
