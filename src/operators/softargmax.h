// SPDX-License-Identifier: BSD-3-Clause
// Softmax over the channels of each row, NC; in place allowed.
#pragma once

#include "operators/operator.h"

namespace qnnp {

struct SoftargmaxDesc {
  size_t channels;
  float input_scale;
  uint8_t output_zero_point;
  float output_scale;
  uint32_t flags;
};

// table[d] = (2^32 - 1) * e^(-d * input_scale), rounded, for d below 256; does not increase.
void softargmax_table(float input_scale, uint32_t* table);

Status create_softargmax(const SoftargmaxDesc& desc, Operator** out);
Status setup_softargmax(Operator* op, size_t batch_size, const uint8_t* input, size_t input_stride,
                        uint8_t* output, size_t output_stride);

}  // namespace qnnp
