// SPDX-License-Identifier: BSD-3-Clause
#include "isa/avx512_floats.h"
#include "q8prelu/tile.h"

namespace qnnp {
QNNP_DEFINE_Q8PRELU(Avx512Floats, avx512vnni)
}  // namespace qnnp
