// SPDX-License-Identifier: BSD-3-Clause
#include "isa/sse41.h"

#include "q8conv/tile.h"

namespace qnnp {
QNNP_DEFINE_Q8CONV(Sse41, sse41, 2, 16)
QNNP_DEFINE_Q8CONV(Sse41, sse41, 4, 8)
}  // namespace qnnp
