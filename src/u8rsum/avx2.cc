// SPDX-License-Identifier: BSD-3-Clause
#include "isa/avx2_bytes.h"
#include "u8rsum/tile.h"

namespace qnnp {
QNNP_DEFINE_U8RSUM(Avx2Bytes, avx2)
}  // namespace qnnp
