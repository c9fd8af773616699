// SPDX-License-Identifier: BSD-3-Clause
#include "q8resize/q8resize.h"

namespace qnnp {
namespace {
constexpr const ResizeKernel* kKernels[] = {
#define QNNP_Q8RESIZE(isa) &q8resize__##isa,
#include "q8resize/kernels.inc"
#undef QNNP_Q8RESIZE
};
}  // namespace

Span<const ResizeKernel* const> q8resize_kernels() {
  return {kKernels, sizeof(kKernels) / sizeof(kKernels[0])};
}

}  // namespace qnnp
