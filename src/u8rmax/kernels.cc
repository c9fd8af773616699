// SPDX-License-Identifier: BSD-3-Clause
#include "u8rmax/u8rmax.h"

namespace qnnp {
namespace {
constexpr const MaxKernel* kKernels[] = {
#define QNNP_U8RMAX(isa) &u8rmax__##isa,
#include "u8rmax/kernels.inc"
#undef QNNP_U8RMAX
};
}  // namespace

Span<const MaxKernel* const> u8rmax_kernels() {
  return {kKernels, sizeof(kKernels) / sizeof(kKernels[0])};
}

}  // namespace qnnp
