// SPDX-License-Identifier: BSD-3-Clause
#include "isa/neon_bytes.h"
#include "q8avgpool/vector_block.h"

namespace qnnp {
QNNP_DEFINE_Q8AVGPOOL(VectorBlock<NeonBytes>, neon)
}  // namespace qnnp
