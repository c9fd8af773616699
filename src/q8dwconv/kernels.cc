// SPDX-License-Identifier: BSD-3-Clause
#include "q8dwconv/q8dwconv.h"

namespace qnnp {
namespace {
constexpr const DwconvKernel* kKernels[] = {
#define QNNP_Q8DWCONV(isa, name, kh, kw, sw) &q8dwconv_##name##__##isa,
#if QNNP_SMALL
#define QNNP_Q8DWCONV_TWIN(isa, name, kh, kw, sw)
#endif
#include "q8dwconv/kernels.inc"
#undef QNNP_Q8DWCONV
};
}  // namespace

Span<const DwconvKernel* const> q8dwconv_kernels() {
  return {kKernels, sizeof(kKernels) / sizeof(kKernels[0])};
}

}  // namespace qnnp
