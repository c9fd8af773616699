// SPDX-License-Identifier: BSD-3-Clause
#include "isa/avx2_words.h"
#include "requantization/tile.h"

namespace qnnp {
QNNP_DEFINE_REQUANTIZATIONS(Avx2Words, avx2)
}  // namespace qnnp
