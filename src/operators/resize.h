// SPDX-License-Identifier: BSD-3-Clause
// Images to another height and width, NHWC: nearest pixel or bilinear.
#pragma once

#include "operators/operator.h"

namespace qnnp {

struct ResizeBinding {
  size_t batch_size = 0, input_height = 0, input_width = 0, output_height = 0, output_width = 0;
  const uint8_t* input = nullptr;
  size_t input_stride = 0;
  uint8_t* output = nullptr;
  size_t output_stride = 0;
};

Status create_resize(const qnnp_resize2d_desc& desc, Operator** out);
Status setup_resize(Operator* op, const ResizeBinding& binding);

}  // namespace qnnp
