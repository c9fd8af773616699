// SPDX-License-Identifier: BSD-3-Clause
// Depthwise convolution, written once. A kernel column's rows are loaded and interleaved into
// groups ("a column"); an output pixel is a sum over columns. Fixed kernels keep their last columns
// in registers while they slide along the row: each is interleaved once.
//
// An instruction set defines a template D over kFlip (input bytes are signed: they are XORed with
// 0x80 after the load) with
//   kIsa, kCode
//   kBlock, kGroup, kVectors   channels; rows per dot product; accumulators per block
//   kLanes                     order of slots (DwconvFormat)
//   Acc, Data                  Acc: accumulators, in the order of slots; Data: one interleaved vector, kVectors of them per group
//   start(acc, bias)           acc = bias
//   interleave(rows, count, n, data)
//                              `count` <= kGroup rows of n <= kBlock channels; others are 0
//   mac(acc, data, weights)    acc += group; weights: kBlock * kGroup codes
//   correct(acc, data, factor) acc += factor * sum of the group (only where kCode needs it)
//   Output                     OutputParams in the shape that store wants
//   Sums                       D<false>: what does not depend on kFlip is compiled for it only
//   store(acc, scale, output, c, n)
#pragma once

#include "q8dwconv/q8dwconv.h"

namespace qnnp {
namespace {

// The input rows of one output row, for one block of channels; outside the image every address is a
// zero point's.
struct DwconvRows {
  const DwconvGeometry& g;
  const uint8_t* image;  // first channel of the block
  const uint8_t* zeros;
  ptrdiff_t top;  // input row of the first kernel row

  QNNP_INLINE bool inside(ptrdiff_t row) const { return row >= 0 && row < g.input_height; }
  QNNP_INLINE const uint8_t* at(ptrdiff_t ky, ptrdiff_t column) const {
    const ptrdiff_t row = top + ky * g.dilation_height;
    return inside(row) && column >= 0 && column < g.input_width
               ? image + (row * g.input_width + column) * g.pixel_stride
               : zeros;
  }
};

template <class D>
struct DwconvBlock {
  const int32_t* bias;
  const float* scale;
  const uint8_t* weights;

  QNNP_INLINE explicit DwconvBlock(const uint8_t* packed)
      : bias(reinterpret_cast<const int32_t*>(packed)),
        scale(reinterpret_cast<const float*>(bias + D::kBlock)),
        weights(reinterpret_cast<const uint8_t*>(scale + D::kBlock)) {}
};

// Accumulators that stay 32 bits wide. Not inlined: every kernel would hold copies.
template <class D>
__attribute__((noinline)) void store_wide(const int32_t* sums, const float* scale, OutputKind kind,
                                          uint8_t* c, size_t n) {
  if (D::kLanes == 1 && kind == OutputKind::int32) {
    memcpy(c, sums, n * 4);
    return;
  }
  for (size_t slot = 0; slot < D::kBlock; slot++) {
    const size_t channel = channel_of_slot(D::kLanes, slot);
    if (channel >= n) continue;
    if (kind == OutputKind::int32) {
      memcpy(c + channel * 4, sums + slot, 4);
    } else {
      const float product = static_cast<float>(sums[slot]) * scale[slot];
      memcpy(c + channel * 4, &product, 4);
    }
  }
}

template <class D, class Size>
QNNP_INLINE void dwconv_store(const typename D::Acc (&acc)[D::kVectors], const float* scale,
                              const typename D::Output& output, OutputKind kind, uint8_t* c,
                              Size n) {
  if (kind == OutputKind::bytes) {
    D::store(acc, scale, output, c, n);
    return;
  }
  int32_t sums[D::kBlock];
  static_assert(sizeof(sums) == sizeof(acc), "one sum a channel");
  memcpy(sums, acc, sizeof(sums));
  store_wide<typename D::Sums>(sums, scale, kind, c, n);
}

// Any kernel: columns are interleaved anew for every pixel. Size is size_t, or Index<kBlock> for a
// full block: tails cost nothing there.
template <class D, class Size>
QNNP_INLINE void dwconv_any(const DwconvArgs& args, const DwconvRows& rows,
                            const DwconvBlock<D>& block, ptrdiff_t first, ptrdiff_t last,
                            uint8_t* c, Size n) {
  constexpr size_t kGroupBytes = size_t{D::kBlock} * D::kGroup * code_bytes(D::kCode);
  const DwconvGeometry g = *args.geometry;
  const typename D::Output output(args.output);
  for (ptrdiff_t x = first; x < last; x++, c += g.output_stride) {
    typename D::Acc acc[D::kVectors];
    D::start(acc, block.bias);
    const uint8_t* w = block.weights;
    for (ptrdiff_t kx = 0; kx < g.kernel_width; kx++) {
      const ptrdiff_t column = x * g.subsampling_width - g.padding_left + kx * g.dilation_width;
      for (ptrdiff_t ky = 0; ky < g.kernel_height; ky += D::kGroup, w += kGroupBytes) {
        const ptrdiff_t count = min<ptrdiff_t>(D::kGroup, g.kernel_height - ky);
        const uint8_t* p[D::kGroup];
        unroll<D::kGroup>([&](auto i)
                              QNNP_LAMBDA { p[i] = rows.at(ky + (i < count ? i : 0), column); });
        typename D::Data data[D::kVectors];
        D::interleave(p, count, n, data);
        D::mac(acc, data, w);
        if (args.correction != 0) D::correct(acc, data, args.correction);
      }
    }
    dwconv_store<D>(acc, block.scale, output, args.output.kind, c, n);
  }
}

// KH x KW without dilation, stride S: a window of KW columns. All that its loop needs is a member:
// stores of bytes may alias anything else.
template <class D, class Size, int KH, int KW, int S>
struct DwconvWindow {
  static constexpr int kGroups = (KH + D::kGroup - 1) / D::kGroup;
  static constexpr size_t kGroupBytes = size_t{D::kBlock} * D::kGroup * code_bytes(D::kCode);
  using Column = typename D::Data[kGroups][D::kVectors];

  DwconvBlock<D> block;
  typename D::Output output;
  OutputKind kind;
  int32_t correction;
  Size n;
  ptrdiff_t width, pixel_stride, output_stride, padding_left;
  const uint8_t* base[KH];  // column 0 of each row, or zero points
  ptrdiff_t mask[KH];       // all ones, or 0 for a row outside: its address does not move
  Column outside;           // a column of zero points
  Column columns[KW];

  QNNP_INLINE DwconvWindow(const DwconvArgs& args, const DwconvRows& rows,
                           const DwconvBlock<D>& packed, Size channels)
      : block(packed),
        output(args.output),
        kind(args.output.kind),
        correction(args.correction),
        n(channels),
        width(rows.g.input_width),
        pixel_stride(rows.g.pixel_stride),
        output_stride(rows.g.output_stride),
        padding_left(rows.g.padding_left) {
    const uint8_t* zeros[KH];
    unroll<KH>([&](auto ky) QNNP_LAMBDA {
      const bool inside = rows.inside(rows.top + ky);
      zeros[ky] = rows.zeros;
      base[ky] = inside ? rows.image + (rows.top + ky) * width * pixel_stride : rows.zeros;
      mask[ky] = inside ? -1 : 0;
    });
    interleave(zeros, outside);
  }

  QNNP_INLINE void interleave(const uint8_t* const (&p)[KH], Column& column) const {
    unroll<kGroups>([&](auto group) QNNP_LAMBDA {
      constexpr int kFirst = group * D::kGroup;
      constexpr int kCount = KH - kFirst < D::kGroup ? KH - kFirst : D::kGroup;
      const uint8_t* rows[D::kGroup];
      unroll<D::kGroup>([&](auto i)
                            QNNP_LAMBDA { rows[i] = p[kFirst + (i < kCount ? int{i} : 0)]; });
      D::interleave(rows, Index<kCount>(), n, column[group]);
    });
  }

  template <int K>
  QNNP_INLINE void load(ptrdiff_t x) {
    if (__builtin_expect(x >= 0 && x < width, 1)) {
      const ptrdiff_t offset = x * pixel_stride;
      const uint8_t* p[KH];
      unroll<KH>([&](auto ky) QNNP_LAMBDA { p[ky] = base[ky] + (offset & mask[ky]); });
      interleave(p, columns[K]);
    } else {
      memcpy(columns[K], outside, sizeof(Column));
    }
  }

  // The pixel whose leftmost column is columns[FIRST] (the window is a ring).
  template <int FIRST>
  QNNP_INLINE void pixel(uint8_t* c) const {
    typename D::Acc acc[D::kVectors];
    D::start(acc, block.bias);
    unroll<KW>([&](auto kx) QNNP_LAMBDA {
      unroll<kGroups>([&](auto group) QNNP_LAMBDA {
        const auto& data = columns[(FIRST + kx) % KW][group];
        D::mac(acc, data, block.weights + (kx * kGroups + group) * kGroupBytes);
        if (correction != 0) D::correct(acc, data, correction);
      });
    });
    dwconv_store<D>(acc, block.scale, output, kind, c, n);
  }

  QNNP_INLINE void run(ptrdiff_t first, ptrdiff_t last, uint8_t* c) {
    ptrdiff_t column = first * S - padding_left;
    unroll<KW - S>([&](auto k) QNNP_LAMBDA { load<k>(column + k); });
    column += KW - S;
    ptrdiff_t left = last - first;
    while (left > 0) {
      // KW phases of the ring; each loads its S new columns behind the KW - S that stay.
      unroll<KW>([&](auto phase) QNNP_LAMBDA {
        if (left == 0) return;
        unroll<S>([&](auto s) QNNP_LAMBDA { load<(phase * S + KW - S + s) % KW>(column + s); });
        pixel<phase * S % KW>(c);
        column += S;
        c += output_stride;
        left--;
      });
    }
  }
};

template <class D, int KH, int KW, int S, class Size>
QNNP_INLINE void dwconv_piece(const DwconvArgs& args, const DwconvRows& rows,
                              const DwconvBlock<D>& block, ptrdiff_t first, ptrdiff_t last,
                              uint8_t* c, Size n) {
  if constexpr (KH == 0) {
    dwconv_any<D>(args, rows, block, first, last, c, n);
  } else {
    DwconvWindow<D, Size, KH, KW, S> window(args, rows, block, n);
    window.run(first, last, c);
  }
}

// All rows of a task, all blocks. A row is cut into pieces whose input stays in the first-level
// cache from block to block.
template <class D, int KH, int KW, int S>
void dwconv(const DwconvArgs& args) {
  const DwconvGeometry& g = *args.geometry;
  constexpr ptrdiff_t kCacheBytes = 16384;
  // Divided one by one: strides of a single pixel may be so large that their product overflows.
  const ptrdiff_t columns = kCacheBytes / g.subsampling_width / g.kernel_height / g.pixel_stride;
  const ptrdiff_t piece = max<ptrdiff_t>(columns, 8);
  const DwconvBlocks blocks = {g.channels, D::kBlock, 1};
  for (ptrdiff_t y = args.first_row; y < args.first_row + args.rows; y++) {
    for (ptrdiff_t first = 0; first < g.output_width; first += piece) {
      const ptrdiff_t last = min(first + piece, g.output_width);
      uint8_t* out = args.c + y * g.output_row() + first * g.output_stride;
      for (size_t i = 0; i < blocks.count(); i++) {
        const DwconvSpan span = blocks[i];
        const DwconvRows rows = {g, args.image + span.first, g.zeros + span.first,
                                 y * g.subsampling_height - g.padding_top};
        uint8_t* const to = out + span.first * element_bytes(args.output.kind);
        const DwconvBlock<D> block(args.weights + i * args.block_bytes);
        if (span.channels == D::kBlock) {
          dwconv_piece<D, KH, KW, S>(args, rows, block, first, last, to, Index<D::kBlock>());
        } else {
          dwconv_piece<D, KH, KW, S>(args, rows, block, first, last, to, span.channels);
        }
      }
    }
  }
}

template <class D>
constexpr DwconvFormat dwconv_format(uint8_t rows, uint8_t down = 1, uint8_t masks = 0,
                                     bool bounded = false, uint8_t segments = 1) {
  return {D::kBlock, D::kGroup, D::kCode, D::kLanes, rows, down, masks, bounded, segments};
}

}  // namespace

// One row of the table, beside its kernel.
#define QNNP_DEFINE_Q8DWCONV(D, isa, name, kh, kw, sw) \
  const DwconvKernel q8dwconv_##name##__##isa = {      \
      #name "__" #isa,                                 \
      D<false>::kIsa,                                  \
      kh,                                              \
      kw,                                              \
      sw,                                              \
      dwconv_format<D<false>>(1),                      \
      {dwconv<D<false>, kh, kw, sw>, dwconv<D<true>, kh, kw, sw>}};

}  // namespace qnnp
