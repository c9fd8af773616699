// SPDX-License-Identifier: BSD-3-Clause
// Scale, zero point and range -> the constants of a requantization scheme, or a refusal.
#pragma once

#include "requantization/requantization.h"

namespace qnnp {

const char* scheme_name(Scheme scheme);

// `scale` as it comes from three float scales, before any rounding but a double's. A scale that is
// not positive and normal as a float, or min > max, is invalid; a scale outside the scheme's range
// is unsupported. After a failure *params is as it was.
Status requantization_params(Scheme scheme, double scale, uint8_t zero_point, uint8_t min,
                             uint8_t max, RequantizationParams* params);

}  // namespace qnnp
