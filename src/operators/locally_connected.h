// SPDX-License-Identifier: BSD-3-Clause
// 2-D locally connected layer: a convolution whose every output pixel has weights and bias of its
// own.
#pragma once

#include "operators/operator.h"

namespace qnnp {

Status create_locally_connected(const qnnp_locally_connected2d_desc& desc, Operator** out);
Status setup_locally_connected(Operator* op, size_t batch_size, const void* input,
                               size_t input_stride, void* output, size_t output_stride);

}  // namespace qnnp
