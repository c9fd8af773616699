// SPDX-License-Identifier: BSD-3-Clause
// Rows of channels to another place, NC.
#pragma once

#include "operators/operator.h"

namespace qnnp {

Status create_copy(const qnnp_copy_desc& desc, Operator** out);
Status setup_copy(Operator* op, size_t batch_size, const void* input, size_t input_stride,
                  void* output, size_t output_stride);

}  // namespace qnnp
