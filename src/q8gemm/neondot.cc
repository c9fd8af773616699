// SPDX-License-Identifier: BSD-3-Clause
#include "isa/neondot.h"

#include "q8gemm/tile.h"

namespace qnnp {
QNNP_DEFINE_Q8GEMM(NeonDot, neondot, 4, 16)
}  // namespace qnnp
