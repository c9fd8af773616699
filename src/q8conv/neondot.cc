// SPDX-License-Identifier: BSD-3-Clause
#include "q8conv/band_tile.h"
#include "q8gemm/neondot_rows.h"

namespace qnnp {
QNNP_DEFINE_Q8CONV_BAND(NeonDotBand, neondot, 4x16_intrinsics, neondot_intrinsics_strips)
QNNP_DEFINE_Q8CONV_BAND(NeonDotBand, neondot, 4x16, neondot_strips)
}  // namespace qnnp
