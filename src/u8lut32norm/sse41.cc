// SPDX-License-Identifier: BSD-3-Clause
#include "isa/sse41_bytes.h"
#include "u8lut32norm/vector_lookup.h"

namespace qnnp {
QNNP_DEFINE_U8LUT32NORM(VectorSteps<Sse41Bytes>, sse41)
}  // namespace qnnp
