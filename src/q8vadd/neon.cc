// SPDX-License-Identifier: BSD-3-Clause
#include "isa/neon_bytes.h"
#include "q8vadd/tile.h"

namespace qnnp {
QNNP_DEFINE_Q8VADD(NeonBytes, AnyRatio, neon)
}  // namespace qnnp
