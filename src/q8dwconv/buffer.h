// SPDX-License-Identifier: BSD-3-Clause
// Depthwise convolution without dilation through a buffer, for instruction sets whose registers do
// not hold a window: the columns of a piece of a row, interleaved, for one block of channels. Every
// interleaved group of input rows is used by all output rows that it touches: the buffer keeps
// those that the next output row needs. At vertical stride 1 kRows output rows are made at once
// from the same groups; each has its own packed weights (DwconvFormat::rows).
//
// On top of what tile.h asks for, D has
//   kRows               output rows at once, where the horizontal stride is 1
//   kPixels             outputs at once, of all rows together
//   start_vector(bias)  an Acc
//   dot(acc, data, weights)
//                       acc + one vector of a group
#pragma once

#include "q8dwconv/tile.h"

namespace qnnp {
namespace {

template <class D, int KH, int KW, int S>
struct DwconvBuffer {
  using Acc = typename D::Acc;
  using Data = typename D::Data;
  struct Column {
    Data vectors[D::kVectors];
  };
  static constexpr int kRows = S == 1 ? D::kRows : 1;
  static constexpr int kGroups = (KH + kRows - 1 + D::kGroup - 1) / D::kGroup;
  static constexpr int kColumns = 16384 / (kGroups * int{sizeof(Column)});
  static constexpr ptrdiff_t kPixels = (kColumns - KW) / S + 1;  // what the buffer suffices for
  static constexpr size_t kVectorBytes =
      size_t{D::kBlock} / D::kVectors * D::kGroup * code_bytes(D::kCode);

  const DwconvGeometry g;
  const typename D::Output output;
  const OutputKind kind;
  ptrdiff_t first, pixels;  // the piece of the output rows
  Column* groups[kGroups];
  Column columns[kGroups * kColumns];

  QNNP_INLINE explicit DwconvBuffer(const DwconvArgs& args)
      : g(*args.geometry), output(args.output), kind(args.output.kind) {
    for (int i = 0; i < kGroups; i++) groups[i] = columns + i * kColumns;
  }

  // Interleaves the columns of the input rows row, row + 1, ...
  template <class Size>
  QNNP_INLINE void fill(Column* to, const DwconvRows& rows, ptrdiff_t row, Size n) const {
    const uint8_t *p[D::kGroup], *zeros[D::kGroup];
    ptrdiff_t step[D::kGroup];
    const ptrdiff_t left = first * S - g.padding_left;
    const ptrdiff_t right = left + (pixels - 1) * S + KW;
    const ptrdiff_t start = min(max<ptrdiff_t>(left, 0), g.input_width);
    ptrdiff_t x = left;
    unroll<D::kGroup>([&](auto i) QNNP_LAMBDA {
      const bool inside = rows.inside(row + i);
      step[i] = inside ? g.pixel_stride : 0;
      p[i] = inside ? rows.image + ((row + i) * g.input_width + start) * step[i] : rows.zeros;
      zeros[i] = rows.zeros;
    });
    const Index<D::kGroup> all;
    for (; x < min<ptrdiff_t>(0, right); x++, to++) D::interleave(zeros, all, n, to->vectors);
    for (; x < min(g.input_width, right); x++, to++) {
      D::interleave(p, all, n, to->vectors);
      unroll<D::kGroup>([&](auto i) QNNP_LAMBDA { p[i] += step[i]; });
    }
    for (; x < right; x++, to++) D::interleave(zeros, all, n, to->vectors);
  }

  // Vector V of the sums of P pixels of ROWS output rows; at: their first columns.
  template <int ROWS, int P, class V>
  static QNNP_INLINE void sum(const Column* const (&at)[kGroups], const DwconvBlock<D>& block, V v,
                              Acc (&acc)[ROWS * P]) {
    const Acc bias = D::start_vector(block.bias + v * (D::kBlock / D::kVectors));
    unroll<ROWS * P>([&](auto i) QNNP_LAMBDA { acc[i] = bias; });
    unroll<KW * kGroups>([&](auto tap) QNNP_LAMBDA {
      constexpr int kColumn = tap / kGroups, kGroup = tap % kGroups;
      unroll<ROWS>([&](auto row) QNNP_LAMBDA {
        const uint8_t* w =
            block.weights + ((row * KW * kGroups + tap) * D::kVectors + v) * kVectorBytes;
        unroll<P>([&](auto x) QNNP_LAMBDA {
          Acc& to = acc[row * P + x];
          to = D::dot(to, at[kGroup][x * S + kColumn].vectors[v], w);
        });
      });
    });
  }

  template <int ROWS, int P>
  QNNP_INLINE void store_bytes(const Column* const (&at)[kGroups], const DwconvBlock<D>& block,
                               uint8_t* c, ptrdiff_t row_bytes, ptrdiff_t pixel_bytes) const {
    typename D::Words words[ROWS * P][D::kVectors / 2];
    unroll<D::kVectors / 2>([&](auto half) QNNP_LAMBDA {
      Acc acc[2][ROWS * P];
      sum<ROWS, P>(at, block, Index<2 * half>(), acc[0]);
      sum<ROWS, P>(at, block, Index<2 * half + 1>(), acc[1]);
      unroll<ROWS * P>([&](auto i) QNNP_LAMBDA {
        words[i][half] = D::words(acc[0][i], acc[1][i],
                                  block.scale + half * (2 * D::kBlock / D::kVectors), output);
      });
    });
    unroll<ROWS>([&](auto row) QNNP_LAMBDA {
      unroll<P>([&](auto x) QNNP_LAMBDA {
        D::store_bytes(D::bytes(words[row * P + x], output), c + row * row_bytes + x * pixel_bytes);
      });
    });
  }

  template <int ROWS>
  QNNP_INLINE void store_wide(const Column* const (&at)[kGroups], const DwconvBlock<D>& block,
                              uint8_t* c, ptrdiff_t row_bytes, size_t n) const {
    int32_t sums[ROWS][D::kBlock];
    unroll<D::kVectors>([&](auto v) QNNP_LAMBDA {
      Acc acc[ROWS];
      sum<ROWS, 1>(at, block, v, acc);
      unroll<ROWS>([&](auto row) QNNP_LAMBDA {
        memcpy(sums[row] + v * (D::kBlock / D::kVectors), &acc[row], sizeof(Acc));
      });
    });
    for (int row = 0; row < ROWS; row++, c += row_bytes) {
      qnnp::store_wide<D>(sums[row], block.scale, kind, c, n);
    }
  }

  template <int ROWS, class Size>
  QNNP_INLINE void compute(const DwconvBlock<D>& block, uint8_t* c, Size n) const {
    constexpr int kAtOnce = D::kPixels / ROWS;
    const ptrdiff_t row_bytes = g.output_width * g.output_stride, pixel_bytes = g.output_stride;
    const Column* at[kGroups];
    unroll<kGroups>([&](auto i) QNNP_LAMBDA { at[i] = groups[i]; });
    const auto go = [&](auto count) QNNP_LAMBDA {
      if (n == D::kBlock) {
        store_bytes<ROWS, count>(at, block, c, row_bytes, pixel_bytes);
      } else {
        alignas(32) uint8_t bytes[ROWS * count][D::kBlock];
        store_bytes<ROWS, count>(at, block, bytes[0], count * D::kBlock, D::kBlock);
        for (int i = 0; i < ROWS * count; i++) {
          D::copy_short(c + i / count * row_bytes + i % count * pixel_bytes, bytes[i], n);
        }
      }
      unroll<kGroups>([&](auto i) QNNP_LAMBDA { at[i] += count * S; });
      c += count * pixel_bytes;
    };
    ptrdiff_t left = pixels;
    if (kind != OutputKind::bytes) {
      for (; left > 0; left--, c += pixel_bytes) {
        store_wide<ROWS>(at, block, c, row_bytes, n);
        unroll<kGroups>([&](auto i) QNNP_LAMBDA { at[i] += S; });
      }
    }
    for (; left >= kAtOnce; left -= kAtOnce) go(Index<kAtOnce>());
    for (; left > 0; left--) go(Index<1>());
  }

  // Output rows y to `end` of one block.
  template <class Size>
  QNNP_INLINE void run(DwconvRows rows, const DwconvBlock<D>& block, ptrdiff_t y, ptrdiff_t end,
                       uint8_t* c, Size n) {
    int kept = 0;
    while (y < end) {
      const int count = kRows > 1 && g.subsampling_height == 1 && y + 1 < end ? kRows : 1;
      rows.top = y * g.subsampling_height - g.padding_top;
      for (; kept < kGroups; kept++) fill(groups[kept], rows, rows.top + kept * D::kGroup, n);
      if (count == kRows) {
        compute<kRows>(block, c, n);
      } else {
        compute<1>(block, c, n);
      }
      y += count;
      c += count * g.output_width * g.output_stride;
      kept = keep(count * g.subsampling_height);
    }
  }

  // Groups that are still of use `down` input rows further come first; how many they are.
  QNNP_INLINE int keep(ptrdiff_t down) {
    if (down % D::kGroup != 0 || down >= kGroups * D::kGroup) return 0;
    const int gone = static_cast<int>(down / D::kGroup);
    Column* old[kGroups];
    for (int i = 0; i < kGroups; i++) old[i] = groups[i];
    for (int i = 0; i < kGroups; i++) groups[i] = old[(i + gone) % kGroups];
    return kGroups - gone;
  }
};

// All rows of a task: bands of rows times pieces of rows, so small that their input is still in the
// second-level cache for the next block of channels.
template <class D, int KH, int KW, int S>
void dwconv_buffered(const DwconvArgs& args) {
  DwconvBuffer<D, KH, KW, S> buffer(args);
  const DwconvGeometry& g = buffer.g;
  constexpr ptrdiff_t kCacheBytes = 1 << 17;
  const auto up = [](ptrdiff_t a, ptrdiff_t b) { return (a + b - 1) / b; };
  const ptrdiff_t piece = up(g.output_width, up(g.output_width, buffer.kPixels));
  // Divided one by one: strides of a single pixel may be so large that their product overflows.
  const ptrdiff_t band =
      max<ptrdiff_t>(kCacheBytes / (piece * S) / g.subsampling_height / g.pixel_stride, 4);
  const size_t blocks = ceil_div(g.channels, D::kBlock);
  const ptrdiff_t last_row = args.first_row + args.rows;
  for (ptrdiff_t y = args.first_row; y < last_row; y += band) {
    const ptrdiff_t end = min(y + band, last_row);
    for (buffer.first = 0; buffer.first < g.output_width; buffer.first += piece) {
      buffer.pixels = min(piece, g.output_width - buffer.first);
      uint8_t* const out = args.c + (y * g.output_width + buffer.first) * g.output_stride;
      for (size_t i = 0; i < blocks; i++) {
        const size_t channel = dwconv_block_start(i, D::kBlock, g.channels);
        const size_t n = min<size_t>(D::kBlock, g.channels - channel);
        const DwconvRows rows = {g, args.image + channel, g.zeros + channel, 0};
        uint8_t* const c = out + channel * element_bytes(buffer.kind);
        const DwconvBlock<D> block(args.weights + i * args.block_bytes);
        if (n == D::kBlock) {
          buffer.run(rows, block, y, end, c, Index<D::kBlock>());
        } else {
          buffer.run(rows, block, y, end, c, n);
        }
      }
    }
  }
}

}  // namespace

#define QNNP_DEFINE_Q8DWCONV_BUFFERED(D, isa, name, kh, kw, sw)           \
  const DwconvKernel q8dwconv_##name##__##isa = {                         \
      #name "__" #isa,                                                    \
      D<false>::kIsa,                                                     \
      kh,                                                                 \
      kw,                                                                 \
      sw,                                                                 \
      dwconv_format<D<false>>(DwconvBuffer<D<false>, kh, kw, sw>::kRows), \
      {dwconv_buffered<D<false>, kh, kw, sw>, dwconv_buffered<D<true>, kh, kw, sw>}};

}  // namespace qnnp
