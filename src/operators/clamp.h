// SPDX-License-Identifier: BSD-3-Clause
// output = min(max(input, output_min), output_max), NC; in place allowed.
#pragma once

#include "operators/operator.h"
#include "qnnpack/elementwise.h"

namespace qnnp {

Status create_clamp(const qnnp_clamp_desc& desc, Operator** out);
Status setup_clamp(Operator* op, size_t batch_size, const void* input, size_t input_stride,
                   void* output, size_t output_stride);

// The short form: limits of 0 are limits.
Status create_clamp_u8(size_t channels, uint8_t output_min, uint8_t output_max, uint32_t flags,
                       Operator** out);

}  // namespace qnnp
