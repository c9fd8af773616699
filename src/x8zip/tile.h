// SPDX-License-Identifier: BSD-3-Clause
// The one vector body. A pixel with few groups is zipped a vector of each group at a time; the last
// vector lies over the one before. Any other number of groups is a transposition.
#pragma once

#include "x8transpose/tile.h"
#include "x8zip/rows.h"

namespace qnnp {
namespace {

// Channels i to i + I::kBytes of every group.
template <class I, int G>
QNNP_INLINE void zip_vectors(const uint8_t* a, size_t pitch, uint8_t* c) {
  typename I::V v[G];
  unroll<G>([&](auto g) QNNP_LAMBDA { v[g] = I::load(a + g * pitch); });
  I::zip_store(c, v);
}

// n < 16 channels.
template <class B, int G>
QNNP_INLINE void zip_few(const uint8_t* a, size_t pitch, size_t n, uint8_t* c) {
  typename B::V v[G];
  unroll<G>([&](auto g) QNNP_LAMBDA { v[g] = B::load_short(a + g * pitch, n); });
  zip<B>(v);
  const size_t bytes = G * n;
  unroll<G>([&](auto k) QNNP_LAMBDA {
    constexpr size_t kBegin = 16 * k;
    if (bytes >= kBegin + 16) {
      B::store(c + kBegin, v[k]);
    } else if (bytes > kBegin) {
      B::store_short(c + kBegin, v[k], bytes - kBegin);
    }
  });
}

template <class I, int G>
QNNP_INLINE void zip_row(const uint8_t* a, size_t pitch, size_t n, uint8_t* c) {
  using Block = typename I::Block;
  if (n >= I::kBytes) {
    for_each_tile(n, I::kBytes,
                  [&](size_t i) QNNP_LAMBDA { zip_vectors<I, G>(a + i, pitch, c + G * i); });
  } else if (n >= 16) {
    for_each_tile(n, 16,
                  [&](size_t i) QNNP_LAMBDA { zip_vectors<Block, G>(a + i, pitch, c + G * i); });
  } else {
    zip_few<Block, G>(a, pitch, n, c);
  }
}

template <class I, int G>
void zip_rows(const ZipArgs& args) {
  const ZipArgs t = args;
  for (size_t row = 0; row < t.rows; row++) {
    const uint8_t* a = t.a + row * t.a_stride;
    uint8_t* c = t.c + row * t.c_stride;
    if constexpr (G == 0) {
      transpose<I>({t.groups, t.n, a, t.pitch, c, t.groups});
    } else {
      zip_row<I, G>(a, t.pitch, t.n, c);
    }
  }
}

}  // namespace
}  // namespace qnnp
