// SPDX-License-Identifier: BSD-3-Clause
#include "isa/neon_bytes.h"
#include "q8avgpool/vector_mean.h"

namespace qnnp {
QNNP_DEFINE_Q8AVGPOOL(VectorMean<NeonBytes>, neon)
}  // namespace qnnp
