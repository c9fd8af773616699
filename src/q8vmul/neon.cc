// SPDX-License-Identifier: BSD-3-Clause
#include "isa/neon_bytes.h"
#include "q8vmul/tile.h"

namespace qnnp {
QNNP_DEFINE_Q8VMUL(NeonBytes, neon)
}  // namespace qnnp
