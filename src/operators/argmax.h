// SPDX-License-Identifier: BSD-3-Clause
// Where the largest channel of each row is, NC -> one index a row.
#pragma once

#include "operators/operator.h"

namespace qnnp {

Status create_argmax(const qnnp_argmax_desc& desc, Operator** out);
Status setup_argmax(Operator* op, size_t batch_size, const uint8_t* input, size_t input_stride,
                    void* output, size_t output_stride);

}  // namespace qnnp
