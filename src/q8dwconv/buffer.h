// SPDX-License-Identifier: BSD-3-Clause
// Depthwise convolution without dilation through a buffer, for instruction sets whose registers do
// not hold a window: the columns of a piece of a row, interleaved, for one block of channels. Every
// interleaved group of input rows is used by all output rows that it touches: the buffer keeps
// those that the next output rows need. Where the vertical stride is the horizontal one, several
// output rows are made at once, as many as the same groups suffice for; each has its own packed
// weights (DwconvFormat::rows).
//
// On top of what tile.h asks for, D has
//   kPixels             outputs at once, of all rows together
//   start_vector(bias)  an Acc
//   dot(acc, data, weights)
//                       acc + one vector of a group
//   words(acc, acc, scale, output), bytes(words), limit(bytes, output), store_bytes(bytes, c)
//                       store() in four steps, two accumulators, a block, several blocks, a whole
//                       block, for DwconvFormat::bounded
//   kFed                up to which kernel height columns are interleaved between sums
//                       (DwconvFeed), where these are of several rows
//   copy_short(c, bytes, n)
//   kSegments           how many segments of an output row share vectors at most (DwconvSpan); if
//                       more than 1:
//   load_segments<SEGMENTS>(p, apart, n), weave(vectors, data)
//                       interleave() in two steps: n channels at p, p + apart, ...
//   store_segments(bytes, c, segments, apart)
//                       as store_bytes, to c, c + apart, ...
//   shift(from, fill, segments, up, to), splat(byte)
//                       a column whose segments are those of another one, a place further; a
//                       column of the same byte
// and, where kCode needs corrections,
//   dot_same(acc, data, codes)
//                       as dot, with the same four codes for every channel
//   finish(acc)         the compiler computes it here, before what follows
// or, instead of words() to store_bytes(), kStrips = true and
//   strip<KH, KW, S>(at, block, output, c, pixel_bytes, pixels)
//                       a whole block's bytes of one output row, by assembly; it may read as many
//                       columns too many as kPixels - 1 pixels are apart
#pragma once

#include "q8dwconv/sums.h"

namespace qnnp {
namespace {

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

// The same of SEGMENTS segments.
template <class D, int SEGMENTS>
void dwconv_interleave_segments(DwconvColumn<typename D::Sums>* to,
                                const DwconvGroup<typename D::Sums>& rows, ptrdiff_t count,
                                size_t n) {
  DwconvGroup<typename D::Sums> at = rows;
  const auto columns = [&](auto size) QNNP_LAMBDA {
    for (; count > 0; count--, to++) {
      typename D::Data data[D::kGroup];
      unroll<D::kGroup>([&](auto i) QNNP_LAMBDA {
        data[i] = D::template load_segments<SEGMENTS>(at.p[i], at.apart[i], size);
        at.p[i] += at.step[i];
      });
      D::weave(data, to->vectors);
    }
  };
  if (n == D::kBlock / SEGMENTS) {
    columns(Index<D::kBlock / SEGMENTS>());
  } else {
    columns(n);
  }
}

// Of an image's type: for blocks that are not whole, that are, and of two and four segments.
template <class D>
struct DwconvWays {
  DwconvInterleave<D> part, whole, two, four;
  uint8_t flip;  // what they XOR bytes with

  QNNP_INLINE DwconvInterleave<D> of(const DwconvSpan& span) const {
    if (D::kSegments > 1 && span.segments == 2) return two;
    if (D::kSegments > 2 && span.segments == 4) return four;
    return span.channels == D::kBlock ? whole : part;
  }
};

template <class D>
constexpr DwconvWays<typename D::Sums> dwconv_ways() {
  DwconvWays<typename D::Sums> ways = {dwconv_interleave<D, false>, dwconv_interleave<D, true>,
                                       nullptr, nullptr, D::kFlips ? uint8_t{0x80} : uint8_t{0}};
  if constexpr (D::kSegments > 1) ways.two = dwconv_interleave_segments<D, 2>;
  if constexpr (D::kSegments > 2) ways.four = dwconv_interleave_segments<D, 4>;
  return ways;
}

// The sums of as many output rows as are made at once.
template <class D, int KH, int KW, int S>
using DwconvRowSums =
    typename DwconvParts<D>::template Sum<KH, KW, S, DwconvBufferShape<D, KH, KW, S>::kRows>;

// Their store_fed() of an image's type.
template <class D, int KH, int KW, int S>
using DwconvFed = void (*)(const DwconvRowSums<D, KH, KW, S>& from,
                           const typename D::Output& output, const DwconvLine& line,
                           const DwconvGroup<D>& rows, DwconvColumn<D>* to);

template <class D, int KH, int KW, int S>
struct DwconvBuffer {
  using Shape = DwconvBufferShape<D, KH, KW, S>;
  using Column = typename Shape::Column;
  static constexpr int kRows = Shape::kRows, kGroups = Shape::kGroups, kColumns = Shape::kColumns;
  static constexpr bool kFeeds = KH <= D::kFed && kRows > 1;

  const DwconvArgs args;
  const DwconvGeometry g;
  const typename D::Output output;
  const OutputKind kind;
  const DwconvWays<D> ways;
  const DwconvFed<D, KH, KW, S> fed;
  const DwconvCorrection<kRows, kGroups> correction;
  ptrdiff_t first, pixels;  // the piece of the output rows
  DwconvLine whole, rest;   // its columns: of whole blocks, of those with fewer channels
  ptrdiff_t pitch;          // columns from group to group
  int order[kGroups];       // where a group is among the kGroups of its block
  Column columns[kGroups * kColumns + (D::kStrips ? (D::kPixels - 1) * S : 0)];

  QNNP_INLINE DwconvBuffer(const DwconvArgs& a, const DwconvWays<D>& interleaves,
                           DwconvFed<D, KH, KW, S> feeds)
      : args(a),
        g(*a.geometry),
        output(a.output),
        kind(a.output.kind),
        ways(interleaves),
        fed(feeds),
        correction(a.correction, D::kGroup, KH, S) {
    for (int i = 0; i < kGroups; i++) order[i] = i;
  }

  // No member: compilers see that there is one segment only, where that is so.
  QNNP_INLINE DwconvBlocks blocks() const {
    const bool several = D::kSegments > 1 && kind == OutputKind::bytes;
    return {g.channels, D::kBlock, several ? size_t{D::kSegments} : size_t{1}};
  }

  QNNP_INLINE Column* group(ptrdiff_t block, int i) {
    return columns + (block * kGroups + order[i]) * pitch;
  }

  QNNP_INLINE DwconvLine line(ptrdiff_t segments) const {
    DwconvLine line;
    line.apart = segments == 1 ? 0 : pixels / segments;
    line.pixels = pixels - (segments - 1) * line.apart;
    line.left = first * S - g.padding_left;
    line.width = (line.pixels - 1) * S + KW;
    line.before = min(max<ptrdiff_t>(-line.left, 0), line.width);
    const ptrdiff_t last = line.left + (segments - 1) * line.apart * S;
    line.within = max<ptrdiff_t>(min(line.width, g.input_width - last) - line.before, 0);
    return line;
  }
  // Begins a piece.
  QNNP_INLINE void start(ptrdiff_t x, ptrdiff_t count) {
    first = x;
    pixels = count;
    whole = line(1);
    rest =
        D::kSegments > 1 ? line(static_cast<ptrdiff_t>(blocks().size / blocks().width())) : whole;
    pitch = blocks().whole() > 0 ? whole.width : rest.width;
  }

  // Columns outside the image: the same for all rows, where there is one segment.
  QNNP_INLINE void fill_borders(ptrdiff_t first_block, ptrdiff_t last_block) {
    for (ptrdiff_t b = first_block; b < last_block; b++) {
      const DwconvSpan span = blocks()[static_cast<size_t>(b)];
      if (span.segments != 1) continue;
      DwconvGroup<D> zeros = {};
      for (int i = 0; i < D::kGroup; i++) zeros.p[i] = g.zeros + span.first;
      for (int i = 0; i < kGroups; i++) {
        const ptrdiff_t end = whole.before + whole.within;
        ways.of(span)(group(b - first_block, i), zeros, whole.before, span.channels);
        ways.of(span)(group(b - first_block, i) + end, zeros, whole.width - end, span.channels);
      }
    }
  }

  // A column that is outside the image in some segment. Where that is the first or the last one
  // alone, the others are in a column that is there already, each in the place of its neighbour.
  QNNP_INLINE void fill_border(Column* to, const DwconvRows& rows, ptrdiff_t row,
                               const DwconvSpan& span, ptrdiff_t column) const {
    const bool is_first = column < rest.before;
    const ptrdiff_t from = column + (is_first ? S : -S) * rest.apart;
    if (from < rest.before || from >= rest.before + rest.within) {
      return fill_copied(to + column, rows, row, span, rest.left + column);
    }
    const auto zero = D::splat(static_cast<uint8_t>(g.zeros[0] ^ ways.flip));
    D::shift(to[from].vectors, zero, span.segments, is_first, to[column].vectors);
  }
  QNNP_INLINE void fill_copied(Column* to, const DwconvRows& rows, ptrdiff_t row,
                               const DwconvSpan& span, ptrdiff_t left) const {
    const size_t width = D::kBlock / static_cast<size_t>(span.segments);
    uint8_t bytes[D::kGroup][D::kBlock];
    DwconvGroup<D> group = {};
    for (int i = 0; i < D::kGroup; i++) {
      for (int j = 0; j < span.segments; j++) {
        const uint8_t* const p = rows.at(row - rows.top + i, left + j * rest.apart * S);
        memcpy(bytes[i] + j * width, p, span.channels);
      }
      group.p[i] = bytes[i];
      group.apart[i] = static_cast<ptrdiff_t>(width);
    }
    ways.of(span)(to, group, 1, span.channels);
  }

  // The input rows row, row + 1, ... from the first column that is within the image.
  QNNP_INLINE void find(const DwconvRows& rows, ptrdiff_t row, const DwconvLine& line,
                        DwconvGroup<D>& inside) const {
    const ptrdiff_t left = line.left + line.before;
    for (int i = 0; i < D::kGroup; i++) {
      const bool exists = rows.inside(row + i) && line.within > 0;
      inside.p[i] =
          exists ? rows.image + ((row + i) * g.input_width + left) * g.pixel_stride : rows.zeros;
      inside.step[i] = exists ? g.pixel_stride : 0;
      inside.apart[i] = inside.step[i] * S * line.apart;
    }
  }

  // Interleaves their columns.
  QNNP_INLINE void fill(Column* to, const DwconvRows& rows, ptrdiff_t row,
                        const DwconvSpan& span) const {
    const DwconvLine& line = span.segments == 1 ? whole : rest;
    DwconvGroup<D> inside;
    find(rows, row, line, inside);
    ways.of(span)(to + line.before, inside, line.within, span.channels);
    if constexpr (D::kSegments > 1) {
      if (span.segments == 1) return;
      for (ptrdiff_t i = 0; i < line.before; i++) fill_border(to, rows, row, span, i);
      for (ptrdiff_t i = line.before + line.within; i < line.width; i++) {
        fill_border(to, rows, row, span, i);
      }
    }
  }

  // to: null, or the last group, whose columns within the image, input rows row, row + 1, ..., are
  // still to be interleaved.
  template <int ROWS>
  QNNP_INLINE void compute(const Column* const (&at)[kGroups], const uint8_t* packed,
                           const DwconvSpan& span, uint8_t* c, Column* to, const DwconvRows& rows,
                           ptrdiff_t row) const {
    using Sum = typename DwconvParts<D>::template Sum<KH, KW, S, ROWS>;
    const DwconvLine& line = span.segments == 1 ? whole : rest;
    Sum sums = {{}, {}, DwconvBlock<D>(packed), c, g.output_row(), g.output_stride, &correction};
    for (int i = 0; i < kGroups; i++) sums.at[i] = at[i];
    if constexpr (D::kSegments > 1) {
      sums.segments = span.segments;
      sums.apart = line.apart * g.output_stride;
    }
    if constexpr (kFeeds && ROWS == kRows) {
      if (to != nullptr) {
        DwconvGroup<D> inside;
        find(rows, row, line, inside);
        return fed(sums, output, line, inside, to + line.before);
      }
    }
    if (kind != OutputKind::bytes) {
      Sum::store_wide(sums, kind, line.pixels, span.channels);
    } else if (span.channels * static_cast<size_t>(span.segments) == D::kBlock) {
      Sum::store(sums, output, line.pixels);
    } else {
      Sum::store_short(sums, output, line.pixels, span.channels);
    }
  }

  // Output rows y to `end` of the blocks first_block to last_block.
  QNNP_INLINE void run(ptrdiff_t y, ptrdiff_t end, ptrdiff_t first_block, ptrdiff_t last_block) {
    const ptrdiff_t begin = y;
    int kept = 0;
    fill_borders(first_block, last_block);
    while (y < end) {
      // Most of kRows are left: some of those before are made again.
      if (g.subsampling_height == S && 2 * (end - y) > kRows && y > end - kRows &&
          end - kRows >= begin) {
        y = end - kRows;
        kept = 0;
      }
      const int count = g.subsampling_height == S && y + kRows <= end ? kRows : 1;
      const ptrdiff_t top = y * g.subsampling_height - g.padding_top;
      uint8_t* const out = args.c + y * g.output_row() + first * g.output_stride;
      for (ptrdiff_t b = first_block; b < last_block; b++) {
        const DwconvSpan span = blocks()[static_cast<size_t>(b)];
        const DwconvRows rows = {g, args.image + span.first, g.zeros + span.first, top};
        const Column* at[kGroups];
        const bool feeds =
            kFeeds && count == kRows && kind == OutputKind::bytes && span.channels == D::kBlock;
        for (int i = 0; i < kGroups; i++) {
          Column* const to = group(b - first_block, i);
          if (i >= kept && i < kGroups - feeds) fill(to, rows, top + i * D::kGroup, span);
          at[i] = to;
        }
        const uint8_t* const block = args.weights + b * args.block_bytes;
        uint8_t* const c = out + span.first * element_bytes(kind);
        if (count == kRows) {
          Column* const to = feeds ? group(b - first_block, kGroups - 1) : nullptr;
          compute<kRows>(at, block, span, c, to, rows, top + (kGroups - 1) * D::kGroup);
        } else {
          compute<1>(at, block, span, c, nullptr, rows, top);
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
    // Blocks side by side use up whole cache lines of the image: at least two of half a line.
    const ptrdiff_t count = static_cast<ptrdiff_t>(blocks().count());
    const ptrdiff_t segments = blocks()[0].segments,
                    most = kColumns / (count > 1 && D::kBlock < 64 ? 2 : 1);
    // A segment may be segments - 1 outputs longer than its share of the piece.
    const ptrdiff_t longest = segments * ((most - KW) / S + 2 - segments);
    const ptrdiff_t piece = up(g.output_width, up(g.output_width, longest));
    const ptrdiff_t last_row = args.first_row + args.rows;
    for (ptrdiff_t x = 0; x < g.output_width; x += piece) {
      start(x, min(piece, g.output_width - x));
      const ptrdiff_t together = up(count, up(count, kColumns / pitch));
      for (ptrdiff_t b = 0; b < count; b += together) {
        run(args.first_row, last_row, b, min(b + together, count));
      }
    }
  }
};

// Not inlined: one for signed and unsigned images.
template <class D, int KH, int KW, int S>
__attribute__((noinline)) void dwconv_run(const DwconvArgs& args, const DwconvWays<D>& ways,
                                          DwconvFed<D, KH, KW, S> fed) {
  DwconvBuffer<D, KH, KW, S>(args, ways, fed).run_all();
}

template <class D, int KH, int KW, int S>
void dwconv_buffered(const DwconvArgs& args) {
  static constexpr DwconvWays<typename D::Sums> ways = dwconv_ways<D>();
  using Sums = typename D::Sums;
  DwconvFed<Sums, KH, KW, S> fed = nullptr;
  if constexpr (DwconvBuffer<Sums, KH, KW, S>::kFeeds) {
    fed = DwconvRowSums<Sums, KH, KW, S>::template store_fed<D>;
  }
  dwconv_run<Sums, KH, KW, S>(args, ways, fed);
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
