// SPDX-License-Identifier: BSD-3-Clause
// Mean or maximum over any axes of a dense tensor.
#pragma once

#include "operators/mean.h"

namespace qnnp {

Status create_reduce(const qnnp_reduce_desc& desc, Operator** out);
Status setup_reduce(Operator* op, size_t dimensions, const size_t* sizes, const uint8_t* input,
                    uint8_t* output);

}  // namespace qnnp
