// SPDX-License-Identifier: BSD-3-Clause
// Tiles of 16 columns by as many rows as a vector has bytes: a vector of each 16 rows, zipped, is
// the transposed tile. The last tile of a row or column lies over its neighbour; matrices of fewer
// than 16 rows or columns are handled in blocks, 2, 3, 4 and 8 rows are zipped.
#pragma once

#include "isa/zip.h"
#include "x8transpose/x8transpose.h"

namespace qnnp {
namespace {

// I::kBytes rows from p, of which 16 bytes each may be read. The first `columns` columns are stored.
template <class I>
QNNP_INLINE void transpose_tile(const uint8_t* p, size_t stride, uint8_t* c, size_t c_stride,
                                size_t columns) {
  typename I::V v[16];
  unroll<16>([&](auto i) QNNP_LAMBDA { v[i] = I::gather(p + i * stride, stride); });
  zip<I>(v);
  unroll<16>([&](auto j) QNNP_LAMBDA {
    if (static_cast<size_t>(j) < columns) I::store(c + j * c_stride, v[j]);
  });
}

// Up to 16 x 16. In the first `whole` columns a whole block may be stored: what follows their rows
// is stored later.
template <class B>
QNNP_INLINE void transpose_corner(const uint8_t* p, size_t rows, size_t columns, size_t stride,
                                  uint8_t* c, size_t c_stride, size_t whole) {
  typename B::V v[16];
  unroll<16>([&](auto i) QNNP_LAMBDA {
    v[i] = B::zero();
    if (static_cast<size_t>(i) < rows) {
      v[i] = columns < 16 ? B::load_short(p + i * stride, columns) : B::load(p + i * stride);
    }
  });
  zip<B>(v);
  unroll<16>([&](auto j) QNNP_LAMBDA {
    if (static_cast<size_t>(j) >= columns) return;
    if (static_cast<size_t>(j) < whole) {
      B::store(c + j * c_stride, v[j]);
    } else {
      B::store_short(c + j * c_stride, v[j], rows);
    }
  });
}

// All rows of a matrix that has at least one tile.
template <class I>
QNNP_INLINE void transpose_tiles(const TransposeArgs& t) {
  for_each_tile(t.rows, I::kBytes, [&](size_t row) QNNP_LAMBDA {
    for_each_tile(t.columns, 16, [&](size_t column) QNNP_LAMBDA {
      transpose_tile<I>(t.a + row * t.a_stride + column, t.a_stride,
                        t.c + column * t.c_stride + row, t.c_stride, 16);
    });
  });
}

// How many of the first columns start at least 16 bytes before the end of c, if they lie in c
// without gaps.
QNNP_INLINE size_t whole_columns(const TransposeArgs& t) {
  const size_t bytes = t.rows * t.columns;
  if (t.rows >= 16 || t.c_stride != t.rows || bytes < 16) return 0;
  return (bytes - 16) / t.rows + 1;
}

// n <= 8 bytes of eight.
QNNP_INLINE void copy_few(uint8_t* to, const uint8_t* from, size_t n) {
  if (n >= 4) {  // two copies that overlap
    memcpy(to, from, 4);
    memcpy(to + n - 4, from + n - 4, 4);
  } else {
    for (size_t i = 0; i < n; i++) to[i] = from[i];
  }
}

// Up to 8 x 16: half of the zipping. Where c has no gaps, columns are stored eight bytes at a time,
// but for the last one: what is too much is overwritten by the next.
template <class B>
QNNP_INLINE void transpose_low(const TransposeArgs& t, size_t column, size_t columns) {
  constexpr size_t kNeighbours = 15;
  typename B::V v[8];
  unroll<8>([&](auto i) QNNP_LAMBDA {
    const uint8_t* const p = t.a + i * t.a_stride + column;
    v[i] = B::zero();
    if (static_cast<size_t>(i) < t.rows) {
      v[i] = columns < 16 ? B::load_short(p, columns) : B::load(p);
    }
  });
  zip<B>(v);
  uint8_t bytes[16 * 8];
  unroll<8>([&](auto i) QNNP_LAMBDA { B::store(bytes + 16 * i, v[i]); });
  uint8_t* const c = t.c + column * t.c_stride;
  size_t j = 0;
  if (columns == 16 && t.c_stride == t.rows &&
      (column + kNeighbours - 1) * t.rows + 8 <= t.columns * t.rows) {
    unroll<kNeighbours>([&](auto i) QNNP_LAMBDA { memcpy(c + i * t.rows, bytes + 8 * i, 8); });
    j = kNeighbours;
  }
  for (; j < columns; j++) copy_few(c + j * t.c_stride, bytes + 8 * j, t.rows);
}

template <class B>
QNNP_INLINE void transpose_corners(const TransposeArgs& t) {
  if (t.rows <= 8) {
    const size_t columns = min<size_t>(t.columns, 16);
    for_each_tile(t.columns, columns,
                  [&](size_t column) QNNP_LAMBDA { transpose_low<B>(t, column, columns); });
    return;
  }
  const size_t whole = whole_columns(t);
  for (size_t row = 0; row < t.rows; row += 16) {
    const size_t rows = min<size_t>(t.rows - row, 16);
    for (size_t column = 0; column < t.columns; column += 16) {
      const size_t columns = min<size_t>(t.columns - column, 16);
      const size_t whole_here = rows == 16 ? 16 : whole - min(whole, column);
      transpose_corner<B>(t.a + row * t.a_stride + column, rows, columns, t.a_stride,
                          t.c + column * t.c_stride + row, t.c_stride, whole_here);
    }
  }
}

template <class I>
void transpose(const TransposeArgs& args) {
  TransposeArgs t = args;
  if (t.c_stride == t.rows) {
    if (t.rows == 2) return zip_row<I, 2>(t.a, t.a_stride, t.columns, t.c);
    if (t.rows == 3) return zip_row<I, 3>(t.a, t.a_stride, t.columns, t.c);
    if (t.rows == 4) return zip_row<I, 4>(t.a, t.a_stride, t.columns, t.c);
    if (t.rows == 8) return zip_row<I, 8>(t.a, t.a_stride, t.columns, t.c);
  }
  if (t.columns >= 16 && t.rows >= I::kBytes) return transpose_tiles<I>(t);
  if (t.columns >= 16 && t.rows >= 16) return transpose_tiles<typename I::Block>(t);
  // Few columns: tiles, as long as the last row's 16 bytes are inside the matrix.
  while (t.columns < 16 && t.rows > I::kBytes + 16) {
    transpose_tile<I>(t.a, t.a_stride, t.c, t.c_stride, t.columns);
    t.a += I::kBytes * t.a_stride;
    t.c += I::kBytes;
    t.rows -= I::kBytes;
  }
  transpose_corners<typename I::Block>(t);
}

}  // namespace

#define QNNP_DEFINE_X8TRANSPOSE(Traits, isa) \
  const TransposeKernel x8transpose__##isa = {#isa, Isa::isa, transpose<Traits>};

}  // namespace qnnp
