// SPDX-License-Identifier: BSD-3-Clause
#include "isa/avx512_bytes.h"
#include "q8avgpool/vector_mean.h"

namespace qnnp {
QNNP_DEFINE_Q8AVGPOOL(VectorMean<Avx512Bytes>, avx512vnni)
}  // namespace qnnp
