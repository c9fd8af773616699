// SPDX-License-Identifier: BSD-3-Clause
// Depth to space and space to depth, NHWC.
#pragma once

#include "operators/operator.h"

namespace qnnp {

// `type` is depth_to_space or space_to_depth.
Status create_depth_space(OperatorType type, const qnnp_depth_space_desc& desc, Operator** out);
Status setup_depth_space(Operator* op, OperatorType type, size_t batch_size, size_t input_height,
                         size_t input_width, const void* input, size_t input_stride, void* output,
                         size_t output_stride);

}  // namespace qnnp
