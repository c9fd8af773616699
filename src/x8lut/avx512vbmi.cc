// SPDX-License-Identifier: BSD-3-Clause
// vpermi2b looks up 128 entries of 8 bits, by bits 0 to 6 of an index: two of them and bit 7, which
// chooses, for 64 bytes.
#include "isa/avx512_bytes.h"
#include "x8lut/tile.h"

namespace qnnp {
namespace {

struct VbmiTable {
  using I = Avx512Bytes;
  __m512i quarters[4];

  QNNP_INLINE explicit VbmiTable(const uint8_t* bytes) {
    unroll<4>([&](auto i) QNNP_LAMBDA { quarters[i] = I::load(bytes + 64 * i); });
  }
  QNNP_INLINE __m512i operator()(__m512i x) const {
    return _mm512_mask_blend_epi8(_mm512_movepi8_mask(x),
                                  _mm512_permutex2var_epi8(quarters[0], x, quarters[1]),
                                  _mm512_permutex2var_epi8(quarters[2], x, quarters[3]));
  }
};

}  // namespace
QNNP_DEFINE_X8LUT(VbmiTable, avx512vbmi)
}  // namespace qnnp
