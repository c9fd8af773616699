// SPDX-License-Identifier: BSD-3-Clause
// Two blocks of 16 bytes of AVX2 (zip.h).
#pragma once

#include "isa/avx2_bytes.h"
#include "isa/sse41_blocks.h"

namespace qnnp {
namespace {

struct Avx2Blocks : Avx2Bytes {
  using Block = Sse41Blocks;

  static QNNP_INLINE V gather(const uint8_t* p, size_t stride) {
    return load_apart<2>(p, static_cast<ptrdiff_t>(16 * stride));
  }
  // Block b of the row is block b / G of v[b % G].
  template <int G>
  static QNNP_INLINE void zip_store(uint8_t* c, V (&v)[G]) {
    zip<Avx2Blocks>(v);
    unroll<G>([&](auto m) QNNP_LAMBDA {
      constexpr int kFirst = 2 * m, kSecond = kFirst + 1;
      store(c + 32 * m, _mm256_permute2x128_si256(v[kFirst % G], v[kSecond % G],
                                                  kFirst / G | (kSecond / G + 2) << 4));
    });
  }
};

}  // namespace
}  // namespace qnnp
