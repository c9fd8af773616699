// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace qnnp::bench {

// Adds the depthwise rows to kernels_bench; `peak` as peak_gops() says.
void register_dwconv_kernels(double peak);

}  // namespace qnnp::bench
