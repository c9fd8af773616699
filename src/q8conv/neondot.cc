// SPDX-License-Identifier: BSD-3-Clause
#include "isa/neondot.h"

#include "q8conv/tile.h"

namespace qnnp {
QNNP_DEFINE_Q8CONV(NeonDot, neondot, 4, 16)
}  // namespace qnnp
