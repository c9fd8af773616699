// SPDX-License-Identifier: BSD-3-Clause
#include "q8gnorm/q8gnorm.h"

namespace qnnp {
namespace {
constexpr const NormKernel* kKernels[] = {
#define QNNP_Q8GNORM(isa) &q8gnorm__##isa,
#include "q8gnorm/kernels.inc"
#undef QNNP_Q8GNORM
};
}  // namespace

Span<const NormKernel* const> q8gnorm_kernels() {
  return {kKernels, sizeof(kKernels) / sizeof(kKernels[0])};
}

}  // namespace qnnp
