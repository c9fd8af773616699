// SPDX-License-Identifier: BSD-3-Clause
#include "f32quantize/f32quantize.h"

namespace qnnp {
namespace {
constexpr const QuantizeKernel* kKernels[] = {
#define QNNP_F32QUANTIZE(isa) &f32quantize__##isa,
#include "f32quantize/kernels.inc"
#undef QNNP_F32QUANTIZE
};
}  // namespace

Span<const QuantizeKernel* const> f32quantize_kernels() {
  return {kKernels, sizeof(kKernels) / sizeof(kKernels[0])};
}

}  // namespace qnnp
