// SPDX-License-Identifier: BSD-3-Clause
// Mean over the windows of an image, NHWC; padding counts in the divisor with the real value 0.
#pragma once

#include "operators/mean.h"

namespace qnnp {

struct AveragePoolingDesc {
  uint32_t padding_top, padding_right, padding_bottom, padding_left;
  uint32_t pooling_height, pooling_width;
  uint32_t stride_height, stride_width;
  MeanDesc mean;
};

Status create_average_pooling(const AveragePoolingDesc& desc, Operator** out);
Status setup_average_pooling(Operator* op, size_t batch_size, size_t input_height,
                             size_t input_width, const uint8_t* input, size_t input_stride,
                             uint8_t* output, size_t output_stride);

}  // namespace qnnp
