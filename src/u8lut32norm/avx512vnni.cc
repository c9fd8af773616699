// SPDX-License-Identifier: BSD-3-Clause
#include "isa/avx512_bytes.h"
#include "u8lut32norm/vector_lookup.h"

namespace qnnp {
QNNP_DEFINE_U8LUT32NORM(VectorSteps<Avx512Bytes>, avx512vnni)
}  // namespace qnnp
