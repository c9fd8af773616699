// SPDX-License-Identifier: BSD-3-Clause
#include "q8conv/q8conv.h"

namespace qnnp {
namespace {
constexpr const ConvKernel* kKernels[] = {
#define QNNP_Q8CONV(isa, tile) &q8conv_##tile##__##isa,
#if QNNP_SMALL
#define QNNP_Q8CONV_TWIN(isa, tile)
#endif
#include "q8conv/kernels.inc"
#undef QNNP_Q8CONV
};
}  // namespace

Span<const ConvKernel* const> q8conv_kernels() {
  return {kKernels, sizeof(kKernels) / sizeof(kKernels[0])};
}

}  // namespace qnnp
