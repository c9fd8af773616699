// SPDX-License-Identifier: BSD-3-Clause
#include "isa/avx2_bytes.h"
#include "q8vmul/tile.h"

namespace qnnp {
QNNP_DEFINE_Q8VMUL(Avx2Bytes, avx2)
}  // namespace qnnp
