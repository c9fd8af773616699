// SPDX-License-Identifier: BSD-3-Clause
#include "isa/avx2_bytes.h"
#include "u8maxpool/tile.h"

namespace qnnp {
QNNP_DEFINE_U8MAXPOOL(Avx2Bytes, avx2)
}  // namespace qnnp
