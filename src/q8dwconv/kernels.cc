// SPDX-License-Identifier: BSD-3-Clause
#include "q8dwconv/q8dwconv.h"

namespace qnnp {
namespace {
// Minimal libraries have the general kernels alone, which take any size.
#define QNNP_ROW_0(...) __VA_ARGS__,
#if QNNP_SMALL < 2
#define QNNP_ROW_3(...) __VA_ARGS__,
#define QNNP_ROW_5(...) __VA_ARGS__,
#else
#define QNNP_ROW_3(...)
#define QNNP_ROW_5(...)
#endif
constexpr const DwconvKernel* kKernels[] = {
#define QNNP_Q8DWCONV(isa, name, kh, kw, sw) QNNP_ROW_##kh(&q8dwconv_##name##__##isa)
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
