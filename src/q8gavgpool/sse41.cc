// SPDX-License-Identifier: BSD-3-Clause
#include "isa/sse41_bytes.h"
#include "q8avgpool/vector_mean.h"
#include "q8gavgpool/tile.h"

namespace qnnp {
QNNP_DEFINE_Q8GAVGPOOL(VectorMean<Sse41Bytes>, sse41)
}  // namespace qnnp
