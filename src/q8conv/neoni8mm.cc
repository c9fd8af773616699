// SPDX-License-Identifier: BSD-3-Clause
#include "q8conv/band_tile.h"
#include "q8gemm/neoni8mm_rows.h"

namespace qnnp {
QNNP_DEFINE_Q8CONV_BAND(NeonI8mmBand, neoni8mm, 8x8_intrinsics, neoni8mm_intrinsics_strips)
QNNP_DEFINE_Q8CONV_BAND(NeonI8mmBand, neoni8mm, 8x8, neoni8mm_strips)
}  // namespace qnnp
