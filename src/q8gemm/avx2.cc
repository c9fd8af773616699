// SPDX-License-Identifier: BSD-3-Clause
#include "isa/avx2.h"

#include "q8gemm/tile.h"

namespace qnnp {
QNNP_DEFINE_Q8GEMM(Avx2, avx2, 2, 16)
QNNP_DEFINE_Q8GEMM(Avx2, avx2, 4, 8)
}  // namespace qnnp
