// SPDX-License-Identifier: BSD-3-Clause
#include "isa/scalar.h"

#include "q8gemm/tile.h"

namespace qnnp {
QNNP_DEFINE_Q8GEMM(Scalar, scalar, 2, 4)
}  // namespace qnnp
