// SPDX-License-Identifier: BSD-3-Clause
#include "q8avgpool/q8avgpool.h"

namespace qnnp {
namespace {
constexpr const AvgPoolKernel* kKernels[] = {
#define QNNP_Q8AVGPOOL(isa) &q8avgpool__##isa,
#include "q8avgpool/kernels.inc"
#undef QNNP_Q8AVGPOOL
};
}  // namespace

Span<const AvgPoolKernel* const> q8avgpool_kernels() {
  return {kKernels, sizeof(kKernels) / sizeof(kKernels[0])};
}

}  // namespace qnnp
