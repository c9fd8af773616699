// SPDX-License-Identifier: BSD-3-Clause
// The sums of buffer.h: outputs of interleaved columns, for one block of channels.
#pragma once

#include "q8dwconv/tile.h"

#if defined(__clang__)
#define QNNP_UNROLL _Pragma("unroll")
#else
#define QNNP_UNROLL _Pragma("GCC unroll 64")
#endif

namespace qnnp {
namespace {

template <class D>
struct DwconvColumn {
  typename D::Data vectors[D::kVectors];
};

// A group of input rows: row i begins at p[i] and goes on in steps of step[i]; its segments are
// apart[i] apart.
template <class D>
struct DwconvGroup {
  const uint8_t* p[D::kGroup];
  ptrdiff_t step[D::kGroup], apart[D::kGroup];
};

// The columns of a piece of an output row, for blocks of as many segments.
struct DwconvLine {
  ptrdiff_t pixels, apart;   // outputs of a segment; from one segment to the next
  ptrdiff_t left, width;     // the input column that the first one is; how many there are
  ptrdiff_t before, within;  // those before the image, in any segment, and in it, in all
};

// Columns of a whole block, interleaved between the sums of others: sums are arithmetic on all
// ports, interleaving is loads, stores and the one port of shuffles. D: the image's type.
template <class D>
struct DwconvFeed {
  DwconvGroup<typename D::Sums> rows;
  DwconvColumn<typename D::Sums>* to;

  QNNP_INLINE void column() {
    D::interleave(rows.p, Index<D::kGroup>(), Index<D::kBlock>(), to->vectors);
    unroll<D::kGroup>([&](auto i) QNNP_LAMBDA { rows.p[i] += rows.step[i]; });
    to++;
  }
  QNNP_INLINE void columns(ptrdiff_t count) {
    for (; count > 0; count--) column();
  }
  // One of PARTS shares of COUNT columns.
  template <int COUNT, int PARTS>
  QNNP_INLINE void share(int part) {
    QNNP_UNROLL
    for (int i = COUNT * part / PARTS; i < COUNT * (part + 1) / PARTS; i++) column();
  }
};
struct DwconvNoFeed {
  template <int COUNT, int PARTS>
  QNNP_INLINE void share(int) {}
};

template <class D, int KH, int KW, int S>
struct DwconvBufferShape {
  using Column = DwconvColumn<D>;
  static constexpr int kGroups = (KH + D::kGroup - 1) / D::kGroup;
  static constexpr int kRows = (kGroups * D::kGroup - KH) / S + 1;  // that these groups suffice for
  static constexpr int kColumns = 24576 / (kGroups * int{sizeof(Column)});
  static constexpr int kSlots = D::kBlock / D::kVectors;
  static constexpr size_t kVectorBytes = size_t{kSlots} * D::kGroup * code_bytes(D::kCode);
  static constexpr size_t kWeightBytes = kVectorBytes * D::kVectors * kGroups * KW * kRows;
  static constexpr bool kCorrects = D::kCode == WeightCode::s8;

  static constexpr DwconvFormat format() {
    return dwconv_format<D>(kRows, S, kCorrects ? D::kVectors : 0, !D::kStrips, D::kSegments);
  }
};

// What the weights' zero point costs: `factor` times the sum of all bytes below a kernel, by dot
// products with codes that are the factor at the kernel's rows. 128 is no code: then they are 64,
// and DwconvFormat::masks has every column twice.
template <int ROWS, int GROUPS>
struct DwconvCorrection {
  int32_t codes[ROWS][GROUPS] = {};

  // Groups of `group` rows, of which `kernel_rows` are the kernel's, `down` further for each row.
  QNNP_INLINE DwconvCorrection(int32_t factor, int group, int kernel_rows, int down) {
    const auto code = static_cast<uint8_t>(factor > 127 ? 64 : factor);
    for (int row = 0; row < ROWS; row++) {
      for (int i = row * down; i < row * down + kernel_rows; i++) {
        const uint32_t shifted = uint32_t{code} << (8 * (i % group));
        codes[row][i / group] |= static_cast<int32_t>(shifted);
      }
    }
  }
};

// `pixels` outputs of ROWS output rows, from columns on. Its functions are not inlined: kernels for
// signed and unsigned images share them.
template <class D, int KH, int KW, int S, int ROWS>
struct DwconvSums : DwconvBufferShape<D, KH, KW, S> {
  using Shape = DwconvBufferShape<D, KH, KW, S>;
  using Column = typename Shape::Column;
  using Acc = typename D::Acc;
  static constexpr int kGroups = Shape::kGroups, kAtOnce = max(1, min(4, D::kPixels / ROWS));

  const Column* at[kGroups];
  DwconvBlock<D> block;
  uint8_t* c;
  ptrdiff_t row_bytes, pixel_bytes;
  const DwconvCorrection<Shape::kRows, kGroups>* correction;
  ptrdiff_t apart = 0;  // bytes from an output to that of the next segment
  int segments = 1;

  // acc + the correction of columns first .. first + count.
  QNNP_INLINE Acc correct(Acc acc, int row, int v, int first, int count) const {
    QNNP_UNROLL
    for (int i = 0; i < count * kGroups; i++) {
      acc = D::dot_same(acc, at[i % kGroups][first + i / kGroups].vectors[v],
                        correction->codes[row][i % kGroups]);
    }
    return acc;
  }

  // The corrections of all columns. Two pixels share those of the columns that both see.
  template <int P>
  QNNP_INLINE void correct_all(int v, Acc (&acc)[ROWS * P]) const {
    QNNP_UNROLL
    for (int i = 0; i < ROWS * P; i += P == 1 ? 1 : 2) {
      const int row = i / P, x = i % P * S;
      if (P == 1) {
        acc[i] = correct(acc[i], row, v, 0, KW);
      } else {
        const Acc both = correct(acc[i], row, v, x + S, KW - S);
        acc[i] = correct(both, row, v, x, S);
        acc[i + 1] = correct(both, row, v, x + KW, S);
      }
    }
  }

  // What the sums of a vector start from.
  template <int P>
  QNNP_INLINE void start(int v, Acc (&acc)[ROWS * P]) const {
    const Acc bias = D::start_vector(block.bias + v * Shape::kSlots);
    QNNP_UNROLL
    for (int i = 0; i < ROWS * P; i++) acc[i] = bias;
    if constexpr (Shape::kCorrects) {
      uint32_t mask;
      memcpy(&mask, block.weights + Shape::kWeightBytes + sizeof(mask) * v, sizeof(mask));
      if (mask == (1u << KW) - 1) return correct_all<P>(v, acc);
      for (uint32_t left = mask; left != 0; left &= left - 1) {
        const int column = __builtin_ctz(left) % 16;
        QNNP_UNROLL
        for (int i = 0; i < ROWS * P; i++) {
          acc[i] = correct(acc[i], i / P, v, i % P * S + column, 1);
        }
      }
    }
  }

  // Vector v of the sums of P pixels. Plain loops: with unroll<> here a build for the address
  // sanitizer takes minutes.
  template <int P>
  QNNP_INLINE void sum(int v, Acc (&acc)[ROWS * P]) const {
    start<P>(v, acc);
    QNNP_UNROLL
    for (int tap = 0; tap < KW * kGroups; tap++) {
      QNNP_UNROLL
      for (int row = 0; row < ROWS; row++) {
        const uint8_t* w =
            block.weights + ((row * KW * kGroups + tap) * D::kVectors + v) * Shape::kVectorBytes;
        const Column* column = at[tap % kGroups] + tap / kGroups;
        QNNP_UNROLL
        for (int x = 0; x < P; x++) {
          acc[row * P + x] = D::dot(acc[row * P + x], column[x * S].vectors[v], w);
        }
      }
    }
    // Else products move behind the branches of the next vectors, and wait for them on the stack.
    if constexpr (Shape::kCorrects) {
      QNNP_UNROLL
      for (int i = 0; i < ROWS * P; i++) D::finish(acc[i]);
    }
  }

  template <int P, class Feed>
  QNNP_INLINE void bytes_of(const typename D::Output& output, Feed& feed) {
    typename D::Words words[ROWS * P][D::kVectors / 2];
    QNNP_UNROLL
    for (int half = 0; half < D::kVectors / 2; half++) {
      const float* const scale = block.scale + half * 2 * Shape::kSlots;
      Acc first[ROWS * P], second[ROWS * P];
      sum<P>(2 * half, first);
      feed.template share<P * S, D::kVectors>(2 * half);
      sum<P>(2 * half + 1, second);
      feed.template share<P * S, D::kVectors>(2 * half + 1);
      QNNP_UNROLL
      for (int i = 0; i < ROWS * P; i++) {
        words[i][half] = D::words(first[i], second[i], scale, output);
      }
    }
    typename D::Words bytes[ROWS * P];
    QNNP_UNROLL
    for (int i = 0; i < ROWS * P; i++) bytes[i] = D::bytes(words[i]);
    D::limit(bytes, output);
    if (D::kSegments > 1 && segments > 1) {
      QNNP_UNROLL
      for (int i = 0; i < ROWS * P; i++) {
        D::store_segments(bytes[i], c + i / P * row_bytes + i % P * pixel_bytes, segments, apart);
      }
    } else {
      QNNP_UNROLL
      for (int i = 0; i < ROWS * P; i++) {
        D::store_bytes(bytes[i], c + i / P * row_bytes + i % P * pixel_bytes);
      }
    }
    advance(P);
  }
  QNNP_INLINE void advance(ptrdiff_t count) {
    for (int i = 0; i < kGroups; i++) at[i] += count * S;
    c += count * pixel_bytes;
  }

  // Whole blocks of bytes. By reference: a struct passed by value is copied with vector loads of
  // what was just stored in smaller pieces; they wait until all earlier stores are in the cache.
  static __attribute__((noinline)) void store_all(const DwconvSums& from,
                                                  const typename D::Output& output,
                                                  ptrdiff_t pixels) {
    DwconvSums sums = from;
    DwconvNoFeed none;
    for (; pixels >= kAtOnce; pixels -= kAtOnce) sums.template bytes_of<kAtOnce>(output, none);
    if (kAtOnce > 2 && (pixels & 2)) sums.template bytes_of<min(kAtOnce, 2)>(output, none);
    if (kAtOnce > 1 && (pixels & 1)) sums.template bytes_of<1>(output, none);
  }
  // The same, and all columns within the image of the last group, each a little before its use.
  // Image: D of the image's type.
  template <class Image>
  static __attribute__((noinline)) void store_fed(const DwconvSums& from,
                                                  const typename D::Output& output,
                                                  const DwconvLine& line,
                                                  const DwconvGroup<D>& rows, Column* to) {
    DwconvSums sums = from;
    DwconvFeed<Image> feed = {rows, to};
    constexpr ptrdiff_t kStep = kAtOnce * S;
    ptrdiff_t left = line.within;
    const ptrdiff_t ahead = min(left, max<ptrdiff_t>(kStep - S + KW - line.before, 0));
    feed.columns(ahead);
    ptrdiff_t pixels = line.pixels;
    for (left -= ahead; left >= kStep; left -= kStep, pixels -= kAtOnce) {
      sums.template bytes_of<kAtOnce>(output, feed);
    }
    feed.columns(left);
    store_all(sums, output, pixels);
  }
  static QNNP_INLINE void store(const DwconvSums& from, const typename D::Output& output,
                                ptrdiff_t pixels) {
    if constexpr (D::kStrips) {
      D::template strip<KH, KW, S>(from.at, from.block, output, from.c, from.pixel_bytes, pixels);
    } else {
      store_all(from, output, pixels);
    }
  }

  // The first n channels of every segment of a block.
  static __attribute__((noinline)) void store_short(const DwconvSums& from,
                                                    const typename D::Output& output,
                                                    ptrdiff_t pixels, size_t n) {
    DwconvSums sums = from;
    constexpr ptrdiff_t kTogether = 16;              // of them: calls cost as much as a few pixels
    uint8_t bytes[ROWS * kTogether + 1][D::kBlock];  // copy_short() loads whole blocks
    while (pixels > 0) {
      const ptrdiff_t count = min(pixels, kTogether);
      DwconvSums part = sums;
      part.c = bytes[0];
      part.segments = 1;
      part.row_bytes = kTogether * D::kBlock;
      part.pixel_bytes = D::kBlock;
      store(part, output, count);
      for (int row = 0; row < ROWS; row++) {
        for (ptrdiff_t x = 0; x < count; x++) {
          uint8_t* const to = sums.c + row * sums.row_bytes + x * sums.pixel_bytes;
          for (int i = 0; i < sums.segments; i++) {
            D::copy_short(to + i * sums.apart,
                          bytes[row * kTogether + x] + D::kBlock / sums.segments * i, n);
          }
        }
      }
      sums.advance(count);
      pixels -= count;
    }
  }

  QNNP_INLINE void values_of(int32_t (&values)[ROWS][D::kBlock]) const {
    for (int v = 0; v < D::kVectors; v++) {
      Acc acc[ROWS];
      sum<1>(v, acc);
      for (int row = 0; row < ROWS; row++) {
        memcpy(&values[row][v * Shape::kSlots], &acc[row], sizeof(Acc));
      }
    }
  }
  static __attribute__((noinline)) void store_wide(const DwconvSums& from, OutputKind kind,
                                                   ptrdiff_t pixels, size_t n) {
    DwconvSums sums = from;
    for (; pixels > 0; pixels--, sums.advance(1)) {
      int32_t values[ROWS][D::kBlock];
      sums.values_of(values);
      for (int row = 0; row < ROWS; row++) {
        qnnp::store_wide<D>(values[row], sums.block.scale, kind, sums.c + row * sums.row_bytes, n);
      }
    }
  }
};

}  // namespace
}  // namespace qnnp
