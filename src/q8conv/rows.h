// SPDX-License-Identifier: BSD-3-Clause
// Where a convolution's rows are: for every tap (or kernel row) the address of each output pixel's
// input. Tiles inside the image add one offset to their pixels' addresses; tiles that touch the
// border check every pixel and read zero points outside.
#pragma once

#include "q8conv/q8conv.h"

namespace qnnp {
namespace {

template <int MAX>
struct ConvRows {
  const ConvGeometry& g;
  const uint8_t* image;
  size_t first_pixel;
  size_t length;

  ptrdiff_t y[MAX], x[MAX];  // input position of each pixel's first tap
  ptrdiff_t base[MAX];       // and its offset in the image
  size_t count = 0;
  ptrdiff_t ky = 0, kx = 0;
  ptrdiff_t offset = 0;  // of the current tap from the first, where nothing is outside
  bool interior = false;
  uint8_t patch[MAX][kMaxPatch];

  ConvRows(const ConvArgs& args)
      : g(*args.geometry),
        image(args.image),
        first_pixel(args.first_pixel),
        length(args.geometry->row_runs ? g.channels * static_cast<size_t>(g.kernel_width)
                                       : g.channels) {}

  ptrdiff_t pixel_stride() const { return static_cast<ptrdiff_t>(g.pixel_stride); }
  ptrdiff_t row_stride() const { return g.input_width * pixel_stride(); }

  template <int MR>
  QNNP_INLINE void start(size_t first, size_t rows, const uint8_t* (&)[MR]) {
    static_assert(MR <= MAX, "room for the tile's rows");
    const ptrdiff_t pixel = static_cast<ptrdiff_t>(first_pixel + first);
    ptrdiff_t out_y = pixel / g.output_width, out_x = pixel % g.output_width;
    const ptrdiff_t reach_y = (g.kernel_height - 1) * g.dilation_height;
    const ptrdiff_t reach_x = (g.kernel_width - 1) * g.dilation_width;
    bool inside = true;
    for (int i = 0; i < MR; i++) {
      y[i] = out_y * g.subsampling_height - g.padding_top;
      x[i] = out_x * g.subsampling_width - g.padding_left;
      base[i] = y[i] * row_stride() + x[i] * pixel_stride();
      inside = inside && y[i] >= 0 && x[i] >= 0 && y[i] + reach_y < g.input_height &&
               x[i] + reach_x < g.input_width;
      if (static_cast<size_t>(i) + 1 < rows && ++out_x == g.output_width) {
        out_x = 0;
        out_y++;
      }
    }
    count = rows;
    interior = inside && (!g.row_runs || g.dense);
    ky = kx = 0;
  }

  template <int MR>
  QNNP_INLINE bool next(const uint8_t* (&p)[MR]) {
    if (ky == g.kernel_height) return false;
    const ptrdiff_t down = ky * g.dilation_height, right = kx * g.dilation_width;
    if (interior) {
      const ptrdiff_t tap = down * row_stride() + right * pixel_stride();
      for (int i = 0; i < MR; i++) p[i] = image + base[i] + tap;
    } else if (g.row_runs) {
      for (int i = 0; i < MR; i++) p[i] = gather(i, y[i] + down);
    } else {
      for (int i = 0; i < MR; i++) p[i] = address(y[i] + down, x[i] + right);
    }
    if (g.row_runs || ++kx == g.kernel_width) {
      kx = 0;
      ky++;
    }
    return true;
  }

  QNNP_INLINE const uint8_t* address(ptrdiff_t row, ptrdiff_t column) const {
    const bool inside = row >= 0 && row < g.input_height && column >= 0 && column < g.input_width;
    return inside ? image + row * row_stride() + column * pixel_stride() : g.zeros;
  }

  // A kernel row of few channels, side by side.
  QNNP_INLINE const uint8_t* gather(int i, ptrdiff_t row) {
    uint8_t* to = patch[i];
    for (ptrdiff_t column = 0; column < g.kernel_width; column++) {
      const uint8_t* from = address(row, x[i] + column * g.dilation_width);
      for (size_t c = 0; c < g.channels; c++) *to++ = from[c];
    }
    return patch[i];
  }
};

}  // namespace
}  // namespace qnnp
