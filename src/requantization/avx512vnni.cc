// SPDX-License-Identifier: BSD-3-Clause
#include "isa/avx512_words.h"
#include "requantization/tile.h"

namespace qnnp {
QNNP_DEFINE_REQUANTIZATIONS(Avx512Words, avx512vnni)
}  // namespace qnnp
