// SPDX-License-Identifier: BSD-3-Clause
// The exponential function, the same bits everywhere: only IEEE double operations, no libm.
#pragma once

namespace qnnp {

// e^-x for x >= 0 (infinity included), within 2^-50 relative where the result is a normal number;
// below that, 0.
double exp_of_negative(double x);

// 1 - e^-x for x >= 0, within 2^-40 relative: no cancellation where x is small.
double one_minus_exp(double x);

}  // namespace qnnp
