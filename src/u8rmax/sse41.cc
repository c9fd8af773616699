// SPDX-License-Identifier: BSD-3-Clause
#include "isa/sse41_bytes.h"
#include "u8rmax/tile.h"

namespace qnnp {
QNNP_DEFINE_U8RMAX(Sse41Bytes, sse41)
}  // namespace qnnp
