// SPDX-License-Identifier: BSD-3-Clause
// Scales and zero points -> the integers of the add kernels.
#pragma once

#include "q8vadd/q8vadd.h"

namespace qnnp {

struct AddTensor {
  uint8_t zero_point;
  float scale;
};

// For ratios a.scale / sum.scale and b.scale / sum.scale in [2^-14, 2^8). Limits of the sum and the
// flips are not set.
AddParams add_params(AddTensor a, AddTensor b, AddTensor sum, bool subtract);

}  // namespace qnnp
