// SPDX-License-Identifier: BSD-3-Clause
#include "isa/sse41_bytes.h"
#include "q8vadd/pairs16.h"

namespace qnnp {
QNNP_DEFINE_Q8VADD(Sse41Bytes, Pairs16, AnyRatio, sse41)
}  // namespace qnnp
