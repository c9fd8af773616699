// SPDX-License-Identifier: BSD-3-Clause
#include "isa/neon_bytes.h"
#include "u8clamp/tile.h"

namespace qnnp {
QNNP_DEFINE_U8CLAMP(NeonBytes, neon)
}  // namespace qnnp
