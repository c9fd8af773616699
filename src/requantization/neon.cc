// SPDX-License-Identifier: BSD-3-Clause
#include "isa/neon_words.h"
#include "requantization/tile.h"

namespace qnnp {
QNNP_DEFINE_REQUANTIZATIONS(NeonWords, neon)
}  // namespace qnnp
