// SPDX-License-Identifier: BSD-3-Clause
#include "q8gavgpool/q8gavgpool.h"

namespace qnnp {
namespace {
constexpr const GlobalAvgPoolKernel* kKernels[] = {
#define QNNP_Q8GAVGPOOL(isa) &q8gavgpool__##isa,
#include "q8gavgpool/kernels.inc"
#undef QNNP_Q8GAVGPOOL
};
}  // namespace

Span<const GlobalAvgPoolKernel* const> q8gavgpool_kernels() {
  return {kKernels, sizeof(kKernels) / sizeof(kKernels[0])};
}

}  // namespace qnnp
