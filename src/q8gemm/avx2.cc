// SPDX-License-Identifier: BSD-3-Clause
#include "isa/avx2.h"

#include "q8gemm/pair_tile.h"

namespace qnnp {
QNNP_DEFINE_Q8GEMM_PAIRS(Avx2, avx2, 6x16, 6, 16)
QNNP_DEFINE_Q8GEMM_PAIRS(Avx2NarrowWeights, avx2, 6x16_bytes, 6, 16)
}  // namespace qnnp
