// SPDX-License-Identifier: BSD-3-Clause
#include "isa/neon_bytes.h"
#include "q8gnorm/sums.h"
#if defined(__aarch64__)
#include "q8gnorm/neon_lines.h"
#else
#include "q8gnorm/plain_lines.h"
#endif

namespace qnnp {

#if defined(__aarch64__)
const NormKernel q8gnorm__neon = {"neon", Isa::neon, norm_sums<NeonBytes>, neon_lines};
#else
const NormKernel q8gnorm__neon = {"neon", Isa::neon, norm_sums<NeonBytes>, plain_lines};
#endif

}  // namespace qnnp
