// SPDX-License-Identifier: BSD-3-Clause
#include "f32quantize/tile.h"
#include "isa/sse41_floats.h"

namespace qnnp {
QNNP_DEFINE_F32QUANTIZE(Sse41Floats, sse41)
}  // namespace qnnp
