// SPDX-License-Identifier: BSD-3-Clause
// Axes of a dense tensor in another order.
#pragma once

#include "operators/operator.h"

namespace qnnp {

Status create_transpose(const qnnp_transpose_desc& desc, Operator** out);
Status setup_transpose(Operator* op, const size_t* shape, const void* input, void* output);

// 1 <= dimensions <= QNNP_MAX_DIMENSIONS, or invalid.
Status check_dimensions(uint32_t dimensions);

}  // namespace qnnp
