// SPDX-License-Identifier: BSD-3-Clause
#include "isa/neon.h"

#include "q8conv/tile.h"

namespace qnnp {
QNNP_DEFINE_Q8CONV(Neon, neon, 6, 8)
}  // namespace qnnp
