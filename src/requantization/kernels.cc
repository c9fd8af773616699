// SPDX-License-Identifier: BSD-3-Clause
#include "requantization/requantization.h"

namespace qnnp {
namespace {
constexpr const RequantizationKernel* kKernels[] = {
#define QNNP_REQUANTIZATION(isa, scheme) &requantization_##scheme##__##isa,
#include "requantization/kernels.inc"
#undef QNNP_REQUANTIZATION
};
}  // namespace

Span<const RequantizationKernel* const> requantization_kernels() {
  return {kKernels, sizeof(kKernels) / sizeof(kKernels[0])};
}

}  // namespace qnnp
