// SPDX-License-Identifier: BSD-3-Clause
// Normalization of every image over groups of its channels, NWC; in place allowed.
#pragma once

#include "operators/operator.h"
#include "qnnpack/elementwise.h"

namespace qnnp {

Status create_group_normalization(const qnnp_group_normalization_desc& desc, Operator** out);
Status setup_group_normalization(Operator* op, size_t batch_size, size_t width, const void* input,
                                 size_t input_stride, void* output, size_t output_stride);

}  // namespace qnnp
