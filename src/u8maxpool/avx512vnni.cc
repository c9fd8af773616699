// SPDX-License-Identifier: BSD-3-Clause
#include "isa/avx512_bytes.h"
#include "u8maxpool/tile.h"

namespace qnnp {
QNNP_DEFINE_U8MAXPOOL(Avx512Bytes, avx512vnni)
}  // namespace qnnp
