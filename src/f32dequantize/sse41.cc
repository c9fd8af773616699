// SPDX-License-Identifier: BSD-3-Clause
#include "f32dequantize/tile.h"
#include "isa/sse41_floats.h"

namespace qnnp {
QNNP_DEFINE_F32DEQUANTIZE(Sse41Floats, sse41)
}  // namespace qnnp
