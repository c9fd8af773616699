// SPDX-License-Identifier: BSD-3-Clause
#include "isa/vnni256.h"
#include "q8gemm/tile.h"

namespace qnnp {
QNNP_DEFINE_Q8GEMM(Vnni256, avxvnni, 6, 16)
}  // namespace qnnp
