// SPDX-License-Identifier: BSD-3-Clause
// Sum, difference and product of two tensors, NC; in place allowed.
#pragma once

#include "operators/operator.h"
#include "qnnpack/elementwise.h"

namespace qnnp {

Status create_binary(const qnnp_binary_desc& desc, Operator** out);
Status setup_binary(Operator* op, size_t batch_size, const void* a, size_t a_stride, const void* b,
                    size_t b_stride, void* output, size_t output_stride);

// The short form of the sum: its output is called "sum", and its limits must differ.
Status create_add(const qnnp_binary_desc& desc, Operator** out);
Status setup_add(Operator* op, size_t batch_size, const uint8_t* a, size_t a_stride,
                 const uint8_t* b, size_t b_stride, uint8_t* sum, size_t sum_stride);

}  // namespace qnnp
