// SPDX-License-Identifier: BSD-3-Clause
#include "u8rsum/u8rsum.h"

namespace qnnp {
namespace {
constexpr const SumKernel* kKernels[] = {
#define QNNP_U8RSUM(isa) &u8rsum__##isa,
#include "u8rsum/kernels.inc"
#undef QNNP_U8RSUM
};
}  // namespace

Span<const SumKernel* const> u8rsum_kernels() {
  return {kKernels, sizeof(kKernels) / sizeof(kKernels[0])};
}

}  // namespace qnnp
