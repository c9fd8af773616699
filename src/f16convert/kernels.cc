// SPDX-License-Identifier: BSD-3-Clause
#include "f16convert/f16convert.h"

namespace qnnp {
namespace {
constexpr const F16Kernel* kKernels[] = {
#define QNNP_F16CONVERT(isa) &f16convert__##isa,
#include "f16convert/kernels.inc"
#undef QNNP_F16CONVERT
};
}  // namespace

Span<const F16Kernel* const> f16convert_kernels() {
  return {kKernels, sizeof(kKernels) / sizeof(kKernels[0])};
}

}  // namespace qnnp
