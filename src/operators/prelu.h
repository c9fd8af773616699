// SPDX-License-Identifier: BSD-3-Clause
// output = input where that is not negative, else slope[channel] * input, NC; in place allowed.
#pragma once

#include "operators/operator.h"

namespace qnnp {

Status create_prelu(const qnnp_prelu_desc& desc, Operator** out);

}  // namespace qnnp
