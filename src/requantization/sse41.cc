// SPDX-License-Identifier: BSD-3-Clause
#include "isa/sse41_words.h"
#include "requantization/tile.h"

namespace qnnp {
QNNP_DEFINE_REQUANTIZATIONS(Sse41Words, sse41)
}  // namespace qnnp
