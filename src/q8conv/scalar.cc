// SPDX-License-Identifier: BSD-3-Clause
#include "isa/scalar.h"

#include "q8conv/tile.h"

namespace qnnp {
QNNP_DEFINE_Q8CONV(Scalar, scalar, 2, 4)
}  // namespace qnnp
