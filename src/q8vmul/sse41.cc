// SPDX-License-Identifier: BSD-3-Clause
#include "isa/sse41_bytes.h"
#include "q8vmul/tile.h"

namespace qnnp {
QNNP_DEFINE_Q8VMUL(Sse41Bytes, sse41)
}  // namespace qnnp
