// SPDX-License-Identifier: BSD-3-Clause
#include "isa/avx2_bytes.h"
#include "q8vadd/pairs16.h"

namespace qnnp {
QNNP_DEFINE_Q8VADD(Avx2Bytes, Pairs16, AnyRatio, avx2)
}  // namespace qnnp
