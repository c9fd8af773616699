// SPDX-License-Identifier: BSD-3-Clause
#include "q8prelu/q8prelu.h"

namespace qnnp {
namespace {
constexpr const PreluKernel* kKernels[] = {
#define QNNP_Q8PRELU(isa) &q8prelu__##isa,
#include "q8prelu/kernels.inc"
#undef QNNP_Q8PRELU
};
}  // namespace

Span<const PreluKernel* const> q8prelu_kernels() {
  return {kKernels, sizeof(kKernels) / sizeof(kKernels[0])};
}

}  // namespace qnnp
