// SPDX-License-Identifier: BSD-3-Clause
#include "isa/neon_bytes.h"
#include "u8rsum/tile.h"

namespace qnnp {
QNNP_DEFINE_U8RSUM(NeonBytes, neon)
}  // namespace qnnp
