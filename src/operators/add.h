// SPDX-License-Identifier: BSD-3-Clause
// sum = a + b of two tensors, NC; in place allowed.
#pragma once

#include "operators/operator.h"

namespace qnnp {

struct AddDesc {
  size_t channels;
  uint8_t a_zero_point;
  float a_scale;
  uint8_t b_zero_point;
  float b_scale;
  uint8_t sum_zero_point;
  float sum_scale;
  uint8_t sum_min, sum_max;
  uint32_t flags;
};

Status create_add(const AddDesc& desc, Operator** out);
Status setup_add(Operator* op, size_t batch_size, const uint8_t* a, size_t a_stride,
                 const uint8_t* b, size_t b_stride, uint8_t* sum, size_t sum_stride);

}  // namespace qnnp
