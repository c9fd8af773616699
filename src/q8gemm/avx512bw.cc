// SPDX-License-Identifier: BSD-3-Clause
#include "isa/avx512bw.h"

#include "q8gemm/pair_tile.h"

namespace qnnp {
QNNP_DEFINE_Q8GEMM_PAIRS(Avx512Pairs, avx512bw, 6x32, 6, 32)
}  // namespace qnnp
