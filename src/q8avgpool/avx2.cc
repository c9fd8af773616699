// SPDX-License-Identifier: BSD-3-Clause
#include "isa/avx2_bytes.h"
#include "q8avgpool/vector_mean.h"

namespace qnnp {
QNNP_DEFINE_Q8AVGPOOL(VectorMean<Avx2Bytes>, avx2)
}  // namespace qnnp
