// SPDX-License-Identifier: BSD-3-Clause
#include "f32dequantize/f32dequantize.h"

namespace qnnp {
namespace {
constexpr const DequantizeKernel* kKernels[] = {
#define QNNP_F32DEQUANTIZE(isa) &f32dequantize__##isa,
#include "f32dequantize/kernels.inc"
#undef QNNP_F32DEQUANTIZE
};
}  // namespace

Span<const DequantizeKernel* const> f32dequantize_kernels() {
  return {kKernels, sizeof(kKernels) / sizeof(kKernels[0])};
}

}  // namespace qnnp
