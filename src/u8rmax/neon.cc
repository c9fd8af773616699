// SPDX-License-Identifier: BSD-3-Clause
#include "isa/neon_bytes.h"
#include "u8rmax/tile.h"

namespace qnnp {
QNNP_DEFINE_U8RMAX(NeonBytes, neon)
}  // namespace qnnp
