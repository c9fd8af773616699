// SPDX-License-Identifier: BSD-3-Clause
// Choice of a kernel from its family's table, where the instruction set decides alone.
#pragma once

#include <cstdio>

#include "isa/cpu.h"

namespace qnnp {

// The last row that suits(*row) and whose instruction set may be used: tables go from weak to
// strong, and their first, scalar row may always be used.
template <class Kernel, class Suits>
const Kernel* best_kernel(Span<const Kernel* const> kernels, const Suits& suits) {
  const Kernel* best = kernels[0];
  for (const Kernel* kernel : kernels) {
    if (isa_enabled(kernel->isa) && suits(*kernel)) best = kernel;
  }
  return best;
}
template <class Kernel>
const Kernel* best_kernel(Span<const Kernel* const> kernels) {
  return best_kernel(kernels, [](const Kernel&) { return true; });
}

constexpr const char* kBestIsa = "the strongest instruction set of this processor";

// "family row", for qnnp_describe_operator.
template <size_t N>
void name_kernel(char (&name)[N], const char* family, const char* row) {
  snprintf(name, N, "%s %s", family, row);
}

}  // namespace qnnp
