// SPDX-License-Identifier: BSD-3-Clause
// Depthwise convolution without dilation through a buffer, for instruction sets whose registers do
// not hold a window: the columns of a piece of a row, interleaved, for one block of channels. Every
// interleaved group of input rows is used by all output rows that it touches: the buffer keeps
// those that the next output row needs. At vertical stride 1 as many output rows are made at once
// as the same groups suffice for; each has its own packed weights (DwconvFormat::rows).
//
// On top of what tile.h asks for, D has
//   kPixels             outputs at once, of all rows together
//   start_vector(bias)  an Acc
//   dot(acc, data, weights)
//                       acc + one vector of a group
//   words(acc, acc, scale, output), bytes(words, output), store_bytes(bytes, c)
//                       store() in three steps, two accumulators, a block, a whole block, for
//                       DwconvFormat::bounded
//   copy_short(c, bytes, n)
// and, where kCode needs corrections,
//   dot_same(acc, data, codes)
//                       as dot, with the same four codes for every channel
//   finish(acc)         the compiler computes it here, before what follows
// or, instead of words(), bytes() and store_bytes(), kStrips = true and
//   strip<KH, KW, S>(at, block, output, c, pixel_bytes, pixels)
//                       a whole block's bytes of one output row, by assembly; it may read as many
//                       columns too many as kPixels - 1 pixels are apart
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

template <class D, int KH, int KW, int S>
struct DwconvBufferShape {
  using Column = DwconvColumn<D>;
  static constexpr int kGroups = (KH + D::kGroup - 1) / D::kGroup;
  static constexpr int kRows = S == 1 ? kGroups * D::kGroup - KH + 1 : 1;
  static constexpr int kColumns = 24576 / (kGroups * int{sizeof(Column)});
  static constexpr int kSlots = D::kBlock / D::kVectors;
  static constexpr size_t kVectorBytes = size_t{kSlots} * D::kGroup * code_bytes(D::kCode);
  static constexpr size_t kWeightBytes = kVectorBytes * D::kVectors * kGroups * KW * kRows;
  static constexpr bool kCorrects = D::kCode == WeightCode::s8;

  static constexpr DwconvFormat format() {
    return dwconv_format<D>(kRows, kCorrects ? D::kVectors : 0, !D::kStrips);
  }
};

// What the weights' zero point costs: `factor` times the sum of all bytes below a kernel, by dot
// products with codes that are the factor at the kernel's rows. 128 is no code: then they are 64,
// and DwconvFormat::masks has every column twice.
template <int ROWS, int GROUPS>
struct DwconvCorrection {
  int32_t codes[ROWS][GROUPS] = {};

  // Groups of `group` rows, of which `kernel_rows` are the kernel's.
  QNNP_INLINE DwconvCorrection(int32_t factor, int group, int kernel_rows) {
    const auto code = static_cast<uint8_t>(factor > 127 ? 64 : factor);
    for (int row = 0; row < ROWS; row++) {
      for (int i = row; i < row + kernel_rows; i++) {
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

  template <int P>
  QNNP_INLINE void bytes_of(const typename D::Output& output) {
    typename D::Words words[ROWS * P][D::kVectors / 2];
    QNNP_UNROLL
    for (int half = 0; half < D::kVectors / 2; half++) {
      const float* const scale = block.scale + half * 2 * Shape::kSlots;
      Acc first[ROWS * P], second[ROWS * P];
      sum<P>(2 * half, first);
      sum<P>(2 * half + 1, second);
      QNNP_UNROLL
      for (int i = 0; i < ROWS * P; i++) {
        words[i][half] = D::words(first[i], second[i], scale, output);
      }
    }
    QNNP_UNROLL
    for (int i = 0; i < ROWS * P; i++) {
      D::store_bytes(D::bytes(words[i], output), c + i / P * row_bytes + i % P * pixel_bytes);
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
    for (; pixels >= kAtOnce; pixels -= kAtOnce) sums.template bytes_of<kAtOnce>(output);
    if (kAtOnce > 2 && (pixels & 2)) sums.template bytes_of<min(kAtOnce, 2)>(output);
    if (kAtOnce > 1 && (pixels & 1)) sums.template bytes_of<1>(output);
  }
  static QNNP_INLINE void store(const DwconvSums& from, const typename D::Output& output,
                                ptrdiff_t pixels) {
    if constexpr (D::kStrips) {
      D::template strip<KH, KW, S>(from.at, from.block, output, from.c, from.pixel_bytes, pixels);
    } else {
      store_all(from, output, pixels);
    }
  }

  // The first n channels of a block.
  static __attribute__((noinline)) void store_short(const DwconvSums& from,
                                                    const typename D::Output& output,
                                                    ptrdiff_t pixels, size_t n) {
    DwconvSums sums = from;
    constexpr ptrdiff_t kTogether = 16;  // of them: calls cost as much as a few pixels
    uint8_t bytes[ROWS][kTogether][D::kBlock];
    while (pixels > 0) {
      const ptrdiff_t count = min(pixels, kTogether);
      DwconvSums part = sums;
      part.c = bytes[0][0];
      part.row_bytes = sizeof(bytes[0]);
      part.pixel_bytes = D::kBlock;
      store(part, output, count);
      for (int row = 0; row < ROWS; row++) {
        for (ptrdiff_t x = 0; x < count; x++) {
          D::copy_short(sums.c + row * sums.row_bytes + x * sums.pixel_bytes, bytes[row][x], n);
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

// Parts that an instruction set may have otherwise: by a specialization beside its D.
template <class D>
struct DwconvParts {
  template <int KH, int KW, int S, int ROWS>
  using Sum = DwconvSums<typename D::Sums, KH, KW, S, ROWS>;

  // `count` columns; row i goes on in steps of step[i].
  template <class Column, class Size>
  static QNNP_INLINE void interleave(Column* to, const uint8_t* (&p)[D::kGroup],
                                     const ptrdiff_t (&step)[D::kGroup], ptrdiff_t count, Size n) {
    const auto column = [&]() QNNP_LAMBDA {
      D::interleave(p, Index<D::kGroup>(), n, to->vectors);
      unroll<D::kGroup>([&](auto i) QNNP_LAMBDA { p[i] += step[i]; });
      to++;
    };
    constexpr int kTogether = D::kStrips ? 4 : 1;  // a column is too little for an iteration there
    for (; count >= kTogether; count -= kTogether) {
      unroll<kTogether>([&](auto) QNNP_LAMBDA { column(); });
    }
    for (; kTogether > 1 && count > 0; count--) column();
  }
};

// A group of input rows: row i begins at p[i] and goes on in steps of step[i].
template <class D>
struct DwconvGroup {
  const uint8_t* p[D::kGroup];
  ptrdiff_t step[D::kGroup];
};

// Interleaves `count` columns of n channels: all that depends on the type of the image.
template <class D>
using DwconvInterleave = void (*)(DwconvColumn<D>* to, const DwconvGroup<D>& rows, ptrdiff_t count,
                                  size_t n);

template <class D, bool kWholeBlock>
void dwconv_interleave(DwconvColumn<typename D::Sums>* to,
                       const DwconvGroup<typename D::Sums>& rows, ptrdiff_t count, size_t n) {
  const uint8_t* p[D::kGroup];
  ptrdiff_t step[D::kGroup];
  unroll<D::kGroup>([&](auto i) QNNP_LAMBDA {
    p[i] = rows.p[i];
    step[i] = rows.step[i];
  });
  if constexpr (kWholeBlock) {
    DwconvParts<D>::interleave(to, p, step, count, Index<D::kBlock>());
  } else {
    DwconvParts<D>::interleave(to, p, step, count, n);
  }
}

template <class D, int KH, int KW, int S>
struct DwconvBuffer {
  using Shape = DwconvBufferShape<D, KH, KW, S>;
  using Column = typename Shape::Column;
  static constexpr int kRows = Shape::kRows, kGroups = Shape::kGroups, kColumns = Shape::kColumns;

  const DwconvArgs args;
  const DwconvGeometry g;
  const typename D::Output output;
  const OutputKind kind;
  const DwconvInterleave<D> interleave;
  const size_t n;  // channels of a block
  const DwconvCorrection<kRows, kGroups> correction;
  ptrdiff_t first, pixels;   // the piece of the output rows
  ptrdiff_t before, within;  // its columns before the image, and in it
  int order[kGroups];        // where a group is among the kGroups of its block
  Column columns[kGroups * kColumns + (D::kStrips ? (D::kPixels - 1) * S : 0)];

  QNNP_INLINE DwconvBuffer(const DwconvArgs& a, DwconvInterleave<D> way)
      : args(a),
        g(*a.geometry),
        output(a.output),
        kind(a.output.kind),
        interleave(way),
        n(min<size_t>(D::kBlock, g.channels)),
        correction(a.correction, D::kGroup, KH) {
    for (int i = 0; i < kGroups; i++) order[i] = i;
  }

  QNNP_INLINE ptrdiff_t width() const { return (pixels - 1) * S + KW; }
  QNNP_INLINE Column* group(ptrdiff_t block, int i) {
    return columns + (block * kGroups + order[i]) * width();
  }

  // Begins a piece.
  QNNP_INLINE void start(ptrdiff_t x, ptrdiff_t count) {
    first = x;
    pixels = count;
    const ptrdiff_t left = first * S - g.padding_left, right = left + width();
    const ptrdiff_t begin = min(max<ptrdiff_t>(left, 0), right);
    before = begin - left;
    within = max(begin, min(right, g.input_width)) - begin;
  }

  // Columns outside the image: the same for all rows.
  QNNP_INLINE void fill_borders(ptrdiff_t first_block, ptrdiff_t last_block) {
    for (ptrdiff_t b = first_block; b < last_block; b++) {
      DwconvGroup<D> zeros;
      for (int i = 0; i < D::kGroup; i++) {
        zeros.p[i] = g.zeros + dwconv_block_start(b, D::kBlock, g.channels);
        zeros.step[i] = 0;
      }
      for (int i = 0; i < kGroups; i++) {
        Column* const to = group(b - first_block, i);
        interleave(to, zeros, before, n);
        interleave(to + before + within, zeros, width() - before - within, n);
      }
    }
  }

  // Interleaves the columns of the input rows row, row + 1, ...
  QNNP_INLINE void fill(Column* to, const DwconvRows& rows, ptrdiff_t row) const {
    const ptrdiff_t left = first * S - g.padding_left + before;
    DwconvGroup<D> inside;
    for (int i = 0; i < D::kGroup; i++) {
      const bool exists = rows.inside(row + i) && within > 0;
      inside.p[i] =
          exists ? rows.image + ((row + i) * g.input_width + left) * g.pixel_stride : rows.zeros;
      inside.step[i] = exists ? g.pixel_stride : 0;
    }
    interleave(to + before, inside, within, n);
  }

  template <int ROWS>
  QNNP_INLINE void compute(const Column* const (&at)[kGroups], const uint8_t* packed,
                           uint8_t* c) const {
    using Sum = typename DwconvParts<D>::template Sum<KH, KW, S, ROWS>;
    Sum sums = {{}, {}, DwconvBlock<D>(packed), c, g.output_row(), g.output_stride, &correction};
    for (int i = 0; i < kGroups; i++) sums.at[i] = at[i];
    if (kind != OutputKind::bytes) {
      Sum::store_wide(sums, kind, pixels, n);
    } else if (n == D::kBlock) {
      Sum::store(sums, output, pixels);
    } else {
      Sum::store_short(sums, output, pixels, n);
    }
  }

  // Output rows y to `end` of the blocks first_block to last_block.
  QNNP_INLINE void run(ptrdiff_t y, ptrdiff_t end, ptrdiff_t first_block, ptrdiff_t last_block) {
    const ptrdiff_t begin = y;
    int kept = 0;
    fill_borders(first_block, last_block);
    while (y < end) {
      // Most of kRows are left: some of those before are made again.
      if (g.subsampling_height == 1 && 2 * (end - y) > kRows && y > end - kRows &&
          end - kRows >= begin) {
        y = end - kRows;
        kept = 0;
      }
      const int count = g.subsampling_height == 1 && y + kRows <= end ? kRows : 1;
      const ptrdiff_t top = y * g.subsampling_height - g.padding_top;
      uint8_t* const out = args.c + y * g.output_row() + first * g.output_stride;
      for (ptrdiff_t b = first_block; b < last_block; b++) {
        const size_t channel = dwconv_block_start(b, D::kBlock, g.channels);
        const DwconvRows rows = {g, args.image + channel, g.zeros + channel, top};
        const Column* at[kGroups];
        for (int i = 0; i < kGroups; i++) {
          Column* const to = group(b - first_block, i);
          if (i >= kept) fill(to, rows, top + i * D::kGroup);
          at[i] = to;
        }
        const uint8_t* const block = args.weights + b * args.block_bytes;
        uint8_t* const c = out + channel * element_bytes(kind);
        if (count == kRows) {
          compute<kRows>(at, block, c);
        } else {
          compute<1>(at, block, c);
        }
      }
      y += count;
      kept = keep(count * g.subsampling_height);
    }
  }

  // Groups that are still of use `down` input rows further come first; how many they are.
  QNNP_INLINE int keep(ptrdiff_t down) {
    if (down % D::kGroup != 0 || down >= kGroups * D::kGroup) return 0;
    const int gone = static_cast<int>(down / D::kGroup);
    int old[kGroups];
    for (int i = 0; i < kGroups; i++) old[i] = order[i];
    for (int i = 0; i < kGroups; i++) order[i] = old[(i + gone) % kGroups];
    return kGroups - gone;
  }

  QNNP_INLINE void run_all() {
    const auto up = [](ptrdiff_t a, ptrdiff_t b) { return (a + b - 1) / b; };
    // Blocks side by side use up whole cache lines of the image: at least two.
    const ptrdiff_t blocks = up(g.channels, D::kBlock), most = kColumns / (blocks > 1 ? 2 : 1);
    const ptrdiff_t piece = up(g.output_width, up(g.output_width, (most - KW) / S + 1));
    const ptrdiff_t last_row = args.first_row + args.rows;
    for (ptrdiff_t x = 0; x < g.output_width; x += piece) {
      start(x, min(piece, g.output_width - x));
      const ptrdiff_t together = up(blocks, up(blocks, kColumns / width()));
      for (ptrdiff_t b = 0; b < blocks; b += together) {
        run(args.first_row, last_row, b, min(b + together, blocks));
      }
    }
  }
};

// Not inlined: one for signed and unsigned images.
template <class D, int KH, int KW, int S>
__attribute__((noinline)) void dwconv_run(const DwconvArgs& args, DwconvInterleave<D> interleave) {
  DwconvBuffer<D, KH, KW, S>(args, interleave).run_all();
}

template <class D, int KH, int KW, int S>
void dwconv_buffered(const DwconvArgs& args) {
  const bool whole = args.geometry->channels >= D::kBlock;
  dwconv_run<typename D::Sums, KH, KW, S>(
      args, whole ? dwconv_interleave<D, true> : dwconv_interleave<D, false>);
}

}  // namespace

#define QNNP_DEFINE_Q8DWCONV_BUFFERED(D, isa, name, kh, kw, sw) \
  const DwconvKernel q8dwconv_##name##__##isa = {               \
      #name "__" #isa,                                          \
      D<false>::kIsa,                                           \
      kh,                                                       \
      kw,                                                       \
      sw,                                                       \
      DwconvBufferShape<D<false>, kh, kw, sw>::format(),        \
      {dwconv_buffered<D<false>, kh, kw, sw>, dwconv_buffered<D<true>, kh, kw, sw>}};

}  // namespace qnnp
