// SPDX-License-Identifier: BSD-3-Clause
// Between float32 or float16 and 8 bits, NC.
#pragma once

#include "operators/operator.h"

namespace qnnp {

Status create_quantize(const qnnp_quantize_desc& desc, Operator** out);
Status create_dequantize(const qnnp_dequantize_desc& desc, Operator** out);

}  // namespace qnnp
