// SPDX-License-Identifier: BSD-3-Clause
// Scales and zero points -> the integers of the add kernels.
#pragma once

#include "q8vadd/q8vadd.h"

namespace qnnp {

// For ratios a_scale / sum_scale and b_scale / sum_scale in [2^-14, 2^8). Zero point and limits of
// the sum and the flips are not set.
AddParams add_params(uint8_t a_zero_point, float a_scale, uint8_t b_zero_point, float b_scale,
                     float sum_scale, bool subtract);

}  // namespace qnnp
