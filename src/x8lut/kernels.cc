// SPDX-License-Identifier: BSD-3-Clause
#include "x8lut/x8lut.h"

namespace qnnp {
namespace {
constexpr const LutKernel* kKernels[] = {
#define QNNP_X8LUT(isa) &x8lut__##isa,
#include "x8lut/kernels.inc"
#undef QNNP_X8LUT
};
}  // namespace

Span<const LutKernel* const> x8lut_kernels() {
  return {kKernels, sizeof(kKernels) / sizeof(kKernels[0])};
}

}  // namespace qnnp
