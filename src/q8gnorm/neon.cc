// SPDX-License-Identifier: BSD-3-Clause
// AArch32 has no vectors of doubles; AArch64's compilers make them from the plain loop.
#include "isa/neon_bytes.h"
#include "q8gnorm/plain_lines.h"
#include "q8gnorm/sums.h"

namespace qnnp {

const NormKernel q8gnorm__neon = {"neon", Isa::neon, norm_sums<NeonBytes>, plain_lines};

}  // namespace qnnp
