// SPDX-License-Identifier: BSD-3-Clause
#include "isa/avx512vnni.h"

#include "q8conv/tile.h"

namespace qnnp {
QNNP_DEFINE_Q8CONV(Avx512Vnni, avx512vnni, 6, 64)
QNNP_DEFINE_Q8CONV(Avx512Vnni, avx512vnni, 14, 32)
QNNP_DEFINE_Q8CONV(Avx512Vnni, avx512vnni, 24, 16)
}  // namespace qnnp
