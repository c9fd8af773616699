// SPDX-License-Identifier: BSD-3-Clause
#include "q8vmul/q8vmul.h"

namespace qnnp {
namespace {
constexpr const MulKernel* kKernels[] = {
#define QNNP_Q8VMUL(isa) &q8vmul__##isa,
#include "q8vmul/kernels.inc"
#undef QNNP_Q8VMUL
};
}  // namespace

Span<const MulKernel* const> q8vmul_kernels() {
  return {kKernels, sizeof(kKernels) / sizeof(kKernels[0])};
}

}  // namespace qnnp
