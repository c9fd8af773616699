// SPDX-License-Identifier: BSD-3-Clause
#include "isa/neon.h"

#include "q8gemm/tile.h"

namespace qnnp {
QNNP_DEFINE_Q8GEMM(Neon, neon, 6, 8)
}  // namespace qnnp
