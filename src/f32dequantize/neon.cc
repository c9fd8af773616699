// SPDX-License-Identifier: BSD-3-Clause
#include "f32dequantize/tile.h"
#include "isa/neon_floats.h"

namespace qnnp {
QNNP_DEFINE_F32DEQUANTIZE(NeonFloats, neon)
}  // namespace qnnp
