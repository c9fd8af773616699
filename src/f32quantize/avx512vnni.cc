// SPDX-License-Identifier: BSD-3-Clause
#include "f32quantize/tile.h"
#include "isa/avx512_floats.h"

namespace qnnp {
QNNP_DEFINE_F32QUANTIZE(Avx512Floats, avx512vnni)
}  // namespace qnnp
