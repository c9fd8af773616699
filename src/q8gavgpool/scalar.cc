// SPDX-License-Identifier: BSD-3-Clause
#include "q8avgpool/scalar_block.h"
#include "q8gavgpool/tile.h"

namespace qnnp {
QNNP_DEFINE_Q8GAVGPOOL(ScalarMean, scalar)
}  // namespace qnnp
