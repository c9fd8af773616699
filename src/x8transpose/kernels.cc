// SPDX-License-Identifier: BSD-3-Clause
#include "x8transpose/x8transpose.h"

namespace qnnp {
namespace {
constexpr const TransposeKernel* kKernels[] = {
#define QNNP_X8TRANSPOSE(isa) &x8transpose__##isa,
#include "x8transpose/kernels.inc"
#undef QNNP_X8TRANSPOSE
};
}  // namespace

Span<const TransposeKernel* const> x8transpose_kernels() {
  return {kKernels, sizeof(kKernels) / sizeof(kKernels[0])};
}

}  // namespace qnnp
