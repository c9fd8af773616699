// SPDX-License-Identifier: BSD-3-Clause
#include "q8avgpool/scalar_block.h"

namespace qnnp {
QNNP_DEFINE_Q8AVGPOOL(ScalarMean, scalar)
}  // namespace qnnp
