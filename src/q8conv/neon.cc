// SPDX-License-Identifier: BSD-3-Clause
#include "q8conv/band_tile.h"
#include "q8gemm/neon_rows.h"

namespace qnnp {
#if defined(__aarch64__)
QNNP_DEFINE_Q8CONV_BAND(NeonBand, neon, 4x16, neon_strips)
QNNP_DEFINE_Q8CONV_BAND_FOR(in_order, NeonBand, neon, 4x16_inorder, neon_inorder_strips)
QNNP_DEFINE_Q8CONV_BAND(NeonBand, neon, 4x16_intrinsics, neon_intrinsics_strips)
#else
QNNP_DEFINE_Q8CONV_BAND(NeonBand, neon, 4x8, neon_strips)
QNNP_DEFINE_Q8CONV_BAND(NeonBand, neon, 4x8_intrinsics, neon_intrinsics_strips)
#endif
}  // namespace qnnp
