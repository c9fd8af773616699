// SPDX-License-Identifier: BSD-3-Clause
// A dense tensor with a value around it.
#pragma once

#include "operators/operator.h"

namespace qnnp {

Status create_constant_pad(const qnnp_constant_pad_desc& desc, Operator** out);
Status setup_constant_pad(Operator* op, const size_t* shape, const void* input, void* output);

}  // namespace qnnp
