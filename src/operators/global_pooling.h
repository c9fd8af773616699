// SPDX-License-Identifier: BSD-3-Clause
// Mean or maximum over all pixels of every channel, NWC.
#pragma once

#include "operators/mean.h"

namespace qnnp {

// `largest`: the maximum, which uses only channels, limits and flags of the description.
Status create_global_pooling(bool largest, const MeanDesc& desc, Operator** out);
Status create_global_pooling(const qnnp_global_pooling_desc& desc, Operator** out);
// `type`: the kind of pooling that the handle must be.
Status setup_global_pooling(Operator* op, OperatorType type, size_t batch_size, size_t width,
                            const uint8_t* input, size_t input_stride, uint8_t* output,
                            size_t output_stride);

}  // namespace qnnp
