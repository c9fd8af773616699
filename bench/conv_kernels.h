// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace qnnp::bench {

// Adds the convolution rows to kernels_bench; `peak` as peak_gops() says.
void register_conv_kernels(double peak);

}  // namespace qnnp::bench
