// SPDX-License-Identifier: BSD-3-Clause
#include "q8vadd/q8vadd.h"

namespace qnnp {
namespace {
constexpr const AddKernel* kKernels[] = {
#define QNNP_Q8VADD(isa) &q8vadd__##isa,
#include "q8vadd/kernels.inc"
#undef QNNP_Q8VADD
};
}  // namespace

Span<const AddKernel* const> q8vadd_kernels() {
  return {kKernels, sizeof(kKernels) / sizeof(kKernels[0])};
}

}  // namespace qnnp
