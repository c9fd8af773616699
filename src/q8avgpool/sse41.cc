// SPDX-License-Identifier: BSD-3-Clause
#include "isa/sse41_bytes.h"
#include "q8avgpool/vector_mean.h"

namespace qnnp {
QNNP_DEFINE_Q8AVGPOOL(VectorMean<Sse41Bytes>, sse41)
}  // namespace qnnp
