// SPDX-License-Identifier: BSD-3-Clause
#include "q8gemm/q8gemm.h"

namespace qnnp {
namespace {
constexpr const GemmKernel* kKernels[] = {
#define QNNP_Q8GEMM(isa, tile) &q8gemm_##tile##__##isa,
#if QNNP_SMALL
#define QNNP_Q8GEMM_TWIN(isa, tile)
#endif
#include "q8gemm/kernels.inc"
#undef QNNP_Q8GEMM
};
}  // namespace

Span<const GemmKernel* const> q8gemm_kernels() {
  return {kKernels, sizeof(kKernels) / sizeof(kKernels[0])};
}

}  // namespace qnnp
