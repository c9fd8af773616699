// SPDX-License-Identifier: BSD-3-Clause
// Mean over all pixels of every channel, NWC.
#pragma once

#include "operators/mean.h"

namespace qnnp {

Status create_global_average_pooling(const MeanDesc& desc, Operator** out);
Status setup_global_average_pooling(Operator* op, size_t batch_size, size_t width,
                                    const uint8_t* input, size_t input_stride, uint8_t* output,
                                    size_t output_stride);

}  // namespace qnnp
