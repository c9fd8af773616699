// SPDX-License-Identifier: BSD-3-Clause
#include "f32quantize/tile.h"
#include "isa/neon_floats.h"

namespace qnnp {
QNNP_DEFINE_F32QUANTIZE(NeonFloats, neon)
}  // namespace qnnp
