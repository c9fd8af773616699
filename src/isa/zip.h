// SPDX-License-Identifier: BSD-3-Clause
// G vectors become one row of bytes, taken from each in turn: v0[0] v1[0] ... v0[1] v1[1] ... With
// 16 vectors of 16 bytes that is a transposition. Above: x8zip, x8transpose. Below: a vector as a
// row of byte lanes (bytes.h), of which it takes lower8, upper8, load_table, table_lookup, bit_or.
//
// "Blocks" are the 16 bytes of a 128-bit lane. avx2_blocks.h, avx512_blocks.h and neon_blocks.h
// extend the struct of bytes.h by
//   Block                  the same operations on one block
//   gather(p, stride)      block i from p + 16 * i * stride
//   zip_store(c, v)        zip, then G * kBytes bytes in order
#pragma once

#include "isa/bytes.h"

namespace qnnp {
namespace {

// Where byte j of output block k comes from when 3 blocks are zipped: an index into block g, or
// what table_lookup makes 0.
struct Zip3Tables {
  uint8_t index[3][3][16];
  constexpr Zip3Tables() : index() {
    for (int k = 0; k < 3; k++) {
      for (int g = 0; g < 3; g++) {
        for (int j = 0; j < 16; j++) {
          const int byte = 16 * k + j;
          index[k][g][j] = static_cast<uint8_t>(byte % 3 == g ? byte / 3 : 0x80);
        }
      }
    }
  }
};
constexpr Zip3Tables kZip3Tables;

// Within every block: afterwards v[k] has bytes 16 * k to 16 * k + 15 of the block's row.
template <class I, int G>
QNNP_INLINE void zip(typename I::V (&v)[G]) {
  typename I::V from[G];
  if constexpr (G == 3) {
    unroll<G>([&](auto g) QNNP_LAMBDA { from[g] = v[g]; });
    unroll<G>([&](auto k) QNNP_LAMBDA {
      const auto part = [&](int g) QNNP_LAMBDA {
        return I::table_lookup(from[g], I::load_table(kZip3Tables.index[k][g]));
      };
      v[k] = I::bit_or(I::bit_or(part(0), part(1)), part(2));
    });
  } else {
    static_assert((G & (G - 1)) == 0, "3 or a power of two");
    // Every round zips the first half of the vectors with the second.
    const auto round = [&]() QNNP_LAMBDA {
      unroll<G>([&](auto g) QNNP_LAMBDA { from[g] = v[g]; });
      unroll<G / 2>([&](auto i) QNNP_LAMBDA {
        v[2 * i] = I::lower8(from[i], from[i + G / 2]);
        v[2 * i + 1] = I::upper8(from[i], from[i + G / 2]);
      });
    };
    if constexpr (G >= 2) round();
    if constexpr (G >= 4) round();
    if constexpr (G >= 8) round();
    if constexpr (G >= 16) round();
  }
}

// f(0), f(step), ..., the last one at total - step <= total.
template <class F>
QNNP_INLINE void for_each_tile(size_t total, size_t step, const F& f) {
  for (size_t i = 0;; i += step) {
    if (i + step >= total) return f(total - step);
    f(i);
  }
}

// The first I::kBytes bytes of every row.
template <class I, int G>
QNNP_INLINE void zip_vectors(const uint8_t* a, size_t pitch, uint8_t* c) {
  typename I::V v[G];
  unroll<G>([&](auto g) QNNP_LAMBDA { v[g] = I::load(a + g * pitch); });
  I::zip_store(c, v);
}

// n < 16 bytes of every row.
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

// c[i * G + g] = a[g * pitch + i] for i < n.
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

}  // namespace
}  // namespace qnnp
