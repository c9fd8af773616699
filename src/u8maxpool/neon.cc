// SPDX-License-Identifier: BSD-3-Clause
#include "isa/neon_bytes.h"
#include "u8maxpool/tile.h"

namespace qnnp {
QNNP_DEFINE_U8MAXPOOL(NeonBytes, neon)
}  // namespace qnnp
