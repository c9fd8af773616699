// SPDX-License-Identifier: BSD-3-Clause
#include "isa/avx512_bytes.h"
#include "q8vmul/tile.h"

namespace qnnp {
QNNP_DEFINE_Q8VMUL(Avx512Bytes, avx512vnni)
}  // namespace qnnp
