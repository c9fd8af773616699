// SPDX-License-Identifier: BSD-3-Clause
#include "f32dequantize/tile.h"
#include "isa/avx2_floats.h"

namespace qnnp {
QNNP_DEFINE_F32DEQUANTIZE(Avx2Floats, avx2)
}  // namespace qnnp
