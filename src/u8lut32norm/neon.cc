// SPDX-License-Identifier: BSD-3-Clause
#include "isa/neon_bytes.h"
#include "u8lut32norm/vector_lookup.h"

namespace qnnp {
QNNP_DEFINE_U8LUT32NORM(VectorLookup<NeonBytes>, neon)
}  // namespace qnnp
