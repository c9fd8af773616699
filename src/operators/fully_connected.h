// SPDX-License-Identifier: BSD-3-Clause
// c[batch][output_channels] = requantize(bias + sum (a - a_zero) * (w - w_zero)).
#pragma once

#include "operators/operator.h"
#include "operators/weights.h"

namespace qnnp {

Status create_fully_connected(const qnnp_fully_connected_desc& desc, Form form, Operator** out);
Status setup_fully_connected(Operator* op, size_t batch_size, const void* input,
                             size_t input_stride, void* output, size_t output_stride);

}  // namespace qnnp
