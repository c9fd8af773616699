// SPDX-License-Identifier: BSD-3-Clause
#include "isa/neon_bytes.h"
#include "q8avgpool/vector_mean.h"
#include "q8gavgpool/tile.h"

namespace qnnp {
QNNP_DEFINE_Q8GAVGPOOL(VectorMean<NeonBytes>, neon)
}  // namespace qnnp
