// SPDX-License-Identifier: BSD-3-Clause
#include "f32dequantize/tile.h"
#include "isa/avx512_floats.h"

namespace qnnp {
QNNP_DEFINE_F32DEQUANTIZE(Avx512Floats, avx512vnni)
}  // namespace qnnp
