// SPDX-License-Identifier: BSD-3-Clause
// Convolution through q8gemm/pair_tile.h: where the runs of an output pixel are. A run is one tap's
// channels, or, with few channels, `patch_rows` kernel rows side by side; in a dense image, a
// kernel row of a pixel inside the image is copied at once.
#pragma once

#include "q8conv/q8conv.h"
#include "q8gemm/pair_tile.h"

namespace qnnp {
namespace {

struct ConvPairRows {
  const ConvGeometry g;  // a copy: stores cannot alias it
  const uint8_t* image;
  ptrdiff_t first_pixel, row_stride;
  size_t runs, length;
  uint8_t flip;

  QNNP_INLINE ConvPairRows(const ConvArgs& args, uint8_t rows_flip)
      : g(*args.geometry),
        image(args.image),
        first_pixel(static_cast<ptrdiff_t>(args.first_pixel)),
        row_stride(g.input_width * g.pixel_stride),
        flip(rows_flip) {
    const size_t taps = static_cast<size_t>(g.kernel_height * g.kernel_width);
    const size_t together = static_cast<size_t>(g.patch_rows * g.kernel_width);
    runs = together == 0 ? taps : taps / together;
    length = max<size_t>(together, 1) * g.channels;
  }

  struct Pixel {
    ptrdiff_t y, x;  // of its first tap
    bool inside;     // all its taps are
  };

  template <class I>
  QNNP_INLINE void widen(size_t first, size_t count, const Chunk& chunk, int16_t* to,
                         size_t pitch) const {
    const ptrdiff_t reach_y = (g.kernel_height - 1) * g.dilation_height;
    const ptrdiff_t reach_x = (g.kernel_width - 1) * g.dilation_width;
    const ptrdiff_t pixel = first_pixel + static_cast<ptrdiff_t>(first);
    ptrdiff_t out_y = pixel / g.output_width, out_x = pixel % g.output_width;
    for (; count != 0; count--, to += pitch) {
      const ptrdiff_t y = out_y * g.subsampling_height - g.padding_top;
      const ptrdiff_t x = out_x * g.subsampling_width - g.padding_left;
      const bool inside =
          y >= 0 && x >= 0 && y + reach_y < g.input_height && x + reach_x < g.input_width;
      if (g.patch_rows != 0) {
        patches<I>({y, x, inside}, chunk, to);
      } else {
        taps<I>({y, x, inside}, chunk, to);
      }
      if (++out_x == g.output_width) {
        out_x = 0;
        out_y++;
      }
    }
  }

  QNNP_INLINE const uint8_t* address(ptrdiff_t row, ptrdiff_t column) const {
    const bool in_image = row >= 0 && row < g.input_height && column >= 0 && column < g.input_width;
    return in_image ? image + row * row_stride + column * g.pixel_stride : g.zeros;
  }

  template <class I>
  QNNP_INLINE void taps(const Pixel& pixel, const Chunk& chunk, int16_t* to) const {
    const size_t n = min(chunk.words / chunk.runs, length - chunk.offset), run_words = n + n % 2;
    ptrdiff_t ky = static_cast<ptrdiff_t>(chunk.run) / g.kernel_width;
    ptrdiff_t kx = static_cast<ptrdiff_t>(chunk.run) % g.kernel_width;
    for (size_t run = 0; run < chunk.runs; run++, to += run_words) {
      const uint8_t* tap =
          address(pixel.y + ky * g.dilation_height, pixel.x + kx * g.dilation_width);
      widen_run<I>(tap + chunk.offset, n, flip, to);
      if (n % 2 != 0) to[n] = 0;
      if (++kx == g.kernel_width) {
        kx = 0;
        ky++;
      }
    }
  }

  template <class I>
  QNNP_INLINE void patches(const Pixel& pixel, const Chunk& chunk, int16_t* to) const {
    const size_t row_bytes = static_cast<size_t>(g.kernel_width) * g.channels;
    ptrdiff_t row = pixel.y + static_cast<ptrdiff_t>(chunk.run) * g.patch_rows * g.dilation_height;
    for (size_t run = 0; run < chunk.runs; run++) {
      for (ptrdiff_t i = 0; i < g.patch_rows; i++, row += g.dilation_height) {
        if (pixel.inside && g.dense) {
          widen_run<I>(image + row * row_stride + pixel.x * g.pixel_stride, row_bytes, flip, to);
          to += row_bytes;
        } else {
          for (ptrdiff_t kx = 0; kx < g.kernel_width; kx++, to += g.channels) {
            widen_run<I>(address(row, pixel.x + kx * g.dilation_width), g.channels, flip, to);
          }
        }
      }
      if (length % 2 != 0) *to++ = 0;
    }
  }
};

template <class I, int MR, int NR, bool kFlip>
void conv_pairs(const ConvArgs& args) {
  const ConvPairRows rows(args, kFlip ? 0x80 : 0);
  run_pairs<I, MR, NR / I::kCols>(rows, args.pixels, args.panel);
}

}  // namespace

// One row of the table, beside its kernel.
#define QNNP_DEFINE_Q8CONV_PAIRS(Traits, isa, mr, nr) \
  const ConvKernel q8conv_##mr##x##nr##__##isa = {    \
      #mr "x" #nr "__" #isa,                          \
      Traits::kIsa,                                   \
      pair_format<Traits>(mr, nr),                    \
      {conv_pairs<Traits, mr, nr, false>, conv_pairs<Traits, mr, nr, true>}};

}  // namespace qnnp
