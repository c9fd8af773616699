// SPDX-License-Identifier: BSD-3-Clause
// Four blocks of 16 bytes of AVX512 (zip.h).
#pragma once

#include "isa/avx2_blocks.h"
#include "isa/avx512_bytes.h"

namespace qnnp {
namespace {

struct Avx512Blocks : Avx512Bytes {
  using Block = Sse41Blocks;

  static QNNP_INLINE V gather(const uint8_t* p, size_t stride) {
    return _mm512_inserti64x4(_mm512_castsi256_si512(Avx2Blocks::gather(p, stride)),
                              Avx2Blocks::gather(p + 32 * stride, stride), 1);
  }
  // Block b of the row is block b / G of v[b % G].
  template <int G>
  static QNNP_INLINE void zip_store(uint8_t* c, V (&v)[G]) {
    zip<Avx512Blocks>(v);
    unroll<G>([&](auto m) QNNP_LAMBDA {
      constexpr int kBlock = 4 * m;
      const V first = pair<kBlock, G>(v), second = pair<kBlock + 2, G>(v);
      store(c + 64 * m, _mm512_shuffle_i32x4(first, second, 0x88));
    });
  }

 private:
  // Blocks B and B + 1 of the row, in the places 0 and 2.
  template <int B, int G>
  static QNNP_INLINE V pair(const V (&v)[G]) {
    return _mm512_shuffle_i32x4(v[B % G], v[(B + 1) % G], B / G | (B + 1) / G << 4);
  }
};

}  // namespace
}  // namespace qnnp
