// SPDX-License-Identifier: BSD-3-Clause
#include "u8clamp/u8clamp.h"

namespace qnnp {
namespace {
constexpr const ClampKernel* kKernels[] = {
#define QNNP_U8CLAMP(isa) &u8clamp__##isa,
#include "u8clamp/kernels.inc"
#undef QNNP_U8CLAMP
};
}  // namespace

Span<const ClampKernel* const> u8clamp_kernels() {
  return {kKernels, sizeof(kKernels) / sizeof(kKernels[0])};
}

}  // namespace qnnp
