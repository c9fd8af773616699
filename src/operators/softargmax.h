// SPDX-License-Identifier: BSD-3-Clause
// Softmax over the channels of each row, NC; in place allowed.
#pragma once

#include "operators/operator.h"
#include "qnnpack/elementwise.h"

namespace qnnp {

// table[d] = (2^32 - 1) * e^(-d * input_scale), rounded, for d below 256; does not increase.
void softargmax_table(float input_scale, uint32_t* table);

// As uint8 the output's scale must be 1/256 and its zero point 0: the short form says so.
Status create_softargmax(const qnnp_softargmax_desc& desc, float output_scale,
                         uint8_t output_zero_point, Operator** out);
Status setup_softargmax(Operator* op, size_t batch_size, const void* input, size_t input_stride,
                        void* output, size_t output_stride);

}  // namespace qnnp
