// SPDX-License-Identifier: BSD-3-Clause
// Mean or maximum over the windows of an image, NHWC.
#pragma once

#include "operators/mean.h"

namespace qnnp {

struct Pooling2dDesc {
  bool largest;  // the maximum, which uses only channels, limits and flags of `mean`
  uint32_t padding_top, padding_right, padding_bottom, padding_left;
  uint32_t pooling_height, pooling_width;
  uint32_t stride_height, stride_width;
  uint32_t dilation_height, dilation_width;
  MeanDesc mean;
  bool ceil_mode = false;
  bool exclude_padding = false;  // from the mean's divisor
};

Status create_pooling2d(const Pooling2dDesc& desc, Operator** out);
// The long form; defaults for fields that are zero.
Status create_pooling2d(const qnnp_pooling2d_desc& desc, Operator** out);

// `type`: the kind of pooling that the handle must be.
Status setup_pooling2d(Operator* op, OperatorType type, size_t batch_size, size_t input_height,
                       size_t input_width, const uint8_t* input, size_t input_stride,
                       uint8_t* output, size_t output_stride);

Status pooling2d_output_size(const Pooling2dDesc& desc, size_t input_height, size_t input_width,
                             size_t* output_height, size_t* output_width);
Status pooling2d_output_size(const qnnp_pooling2d_desc& desc, size_t input_height,
                             size_t input_width, size_t* output_height, size_t* output_width);

}  // namespace qnnp
