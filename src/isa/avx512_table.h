// SPDX-License-Identifier: BSD-3-Clause
// 256 bytes as a table, with AVX512-VBMI. vpermi2b looks up 128 entries of 8 bits, by bits 0 to 6 of
// an index: two of them and bit 7, which chooses, for 64 bytes.
#pragma once

#include "isa/avx512_bytes.h"

namespace qnnp {
namespace {

struct Avx512ByteTable {
  using I = Avx512Bytes;
  __m512i quarters[4];

  Avx512ByteTable() = default;
  QNNP_INLINE explicit Avx512ByteTable(const uint8_t* bytes) {
    unroll<4>([&](auto i) QNNP_LAMBDA { quarters[i] = I::load(bytes + 64 * i); });
  }
  QNNP_INLINE __m512i operator()(__m512i x) const {
    return _mm512_mask_blend_epi8(_mm512_movepi8_mask(x),
                                  _mm512_permutex2var_epi8(quarters[0], x, quarters[1]),
                                  _mm512_permutex2var_epi8(quarters[2], x, quarters[3]));
  }
};

}  // namespace
}  // namespace qnnp
