// SPDX-License-Identifier: BSD-3-Clause
#include "u8lut32norm/u8lut32norm.h"

namespace qnnp {
namespace {
constexpr const LutNormKernel* kKernels[] = {
#define QNNP_U8LUT32NORM(isa) &u8lut32norm__##isa,
#include "u8lut32norm/kernels.inc"
#undef QNNP_U8LUT32NORM
};
}  // namespace

Span<const LutNormKernel* const> u8lut32norm_kernels() {
  return {kKernels, sizeof(kKernels) / sizeof(kKernels[0])};
}

}  // namespace qnnp
