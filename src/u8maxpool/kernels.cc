// SPDX-License-Identifier: BSD-3-Clause
#include "u8maxpool/u8maxpool.h"

namespace qnnp {
namespace {
constexpr const MaxPoolKernel* kKernels[] = {
#define QNNP_U8MAXPOOL(isa) &u8maxpool__##isa,
#include "u8maxpool/kernels.inc"
#undef QNNP_U8MAXPOOL
};
}  // namespace

Span<const MaxPoolKernel* const> u8maxpool_kernels() {
  return {kKernels, sizeof(kKernels) / sizeof(kKernels[0])};
}

}  // namespace qnnp
