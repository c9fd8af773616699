// SPDX-License-Identifier: BSD-3-Clause
#include "x8zip/x8zip.h"

namespace qnnp {
namespace {
constexpr const ZipKernel* kKernels[] = {
#define QNNP_X8ZIP(isa, groups) &x8zip_##groups##__##isa,
#include "x8zip/kernels.inc"
#undef QNNP_X8ZIP
};
}  // namespace

Span<const ZipKernel* const> x8zip_kernels() {
  return {kKernels, sizeof(kKernels) / sizeof(kKernels[0])};
}

}  // namespace qnnp
