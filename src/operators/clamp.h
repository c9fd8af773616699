// SPDX-License-Identifier: BSD-3-Clause
// output = min(max(input, output_min), output_max), NC; in place allowed.
#pragma once

#include "operators/operator.h"

namespace qnnp {

struct ClampDesc {
  size_t channels;
  uint8_t output_min, output_max;
  uint32_t flags;
};

Status create_clamp(const ClampDesc& desc, Operator** out);
Status setup_clamp(Operator* op, size_t batch_size, const uint8_t* input, size_t input_stride,
                   uint8_t* output, size_t output_stride);

}  // namespace qnnp
