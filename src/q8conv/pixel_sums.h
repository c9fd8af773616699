// SPDX-License-Identifier: BSD-3-Clause
// What the weights' zero point costs a convolution: the sum of all taps of every output pixel. An
// input pixel is a tap of several: it is summed once; the sums are added over the kernel's rows, and
// then over its columns.
#pragma once

#include "q8conv/patches.h"
#include "q8conv/turned_window.h"
#include "q8gemm/tile.h"

namespace qnnp {
namespace {

struct PixelSums {
  const ConvGeometry& g;
  ImageRows seen = {0, 0};
  int32_t padding = 0;  // what a tap outside the image has

  static constexpr size_t kMost = 2048;
  int32_t pixels[kMost + 3];  // of `seen`, less padding's
  int32_t columns[kMost];     // of an output row's taps, over the kernel's rows

  QNNP_INLINE explicit PixelSums(const ConvGeometry& geometry) : g(geometry) {}

  // Sums that may wrap.
  static QNNP_INLINE int32_t add(int32_t a, int32_t b) {
    return static_cast<int32_t>(static_cast<uint32_t>(a) + static_cast<uint32_t>(b));
  }

  // Of `count` output pixels from number `first` on, times the factor. False: nothing is done.
  template <class I>
  __attribute__((noinline)) bool sum(const uint8_t* image, size_t first, size_t count,
                                     int32_t factor, int32_t* to) {
    ptrdiff_t out_y = static_cast<ptrdiff_t>(first) / g.output_width;
    ptrdiff_t out_x = static_cast<ptrdiff_t>(first) % g.output_width;
    const ptrdiff_t last = static_cast<ptrdiff_t>(first + count) - 1;
    seen = rows_seen(g, out_y, last / g.output_width + 1);
    const size_t summed = static_cast<size_t>((seen.bottom - seen.top) * g.input_width);
    const size_t taps = static_cast<size_t>(g.kernel_height * g.kernel_width);
    if (g.patch_rows != 0 || summed == 0 || summed > kMost || summed >= taps * count) return false;
    const size_t stride = static_cast<size_t>(g.pixel_stride);
    sum_pixels<I>({g.zeros, stride, g.channels, 1}, factor);
    padding = pixels[0];
    sum_pixels<I>({image + seen.top * g.input_width * g.pixel_stride, stride, g.channels, summed},
                  factor);
    for (size_t i = 0; i < summed; i++) pixels[i] = add(pixels[i], add(~padding, 1));
    const int32_t outside = static_cast<int32_t>(static_cast<uint32_t>(padding) * taps);
    for (ptrdiff_t left = static_cast<ptrdiff_t>(count), n; left != 0; left -= n, to += n) {
      n = min(left, g.output_width - out_x);
      for (ptrdiff_t i = 0; i < n; i++) to[i] = outside;
      add_row(out_y++, out_x * g.subsampling_width - g.padding_left, n, to);
      out_x = 0;
    }
    return true;
  }

  template <class I>
  QNNP_INLINE void sum_pixels(GemmRows rows, int32_t factor) {
    sum_all_rows<I>(rows, rows.rows, factor, pixels);
  }

  // Outputs of one row, `n` from the one whose first tap is at column x on.
  QNNP_INLINE void add_row(ptrdiff_t out_y, ptrdiff_t x, ptrdiff_t n, int32_t* to) {
    const ptrdiff_t y = out_y * g.subsampling_height - g.padding_top;
    const ptrdiff_t reach = (g.kernel_width - 1) * g.dilation_width;
    const ptrdiff_t begin = max<ptrdiff_t>(x, 0);
    const ptrdiff_t end = min(x + (n - 1) * g.subsampling_width + reach + 1, g.input_width);
    for (ptrdiff_t i = begin; i < end; i++) columns[i] = 0;
    const TapRange down = inside_taps(y, g.kernel_height, g.dilation_height, g.input_height);
    for (ptrdiff_t ky = down.first; ky < down.end; ky++) {
      const int32_t* from = pixels + (y + ky * g.dilation_height - seen.top) * g.input_width;
      for (ptrdiff_t i = begin; i < end; i++) columns[i] = add(columns[i], from[i]);
    }
    for (ptrdiff_t kx = 0; kx < g.kernel_width; kx++, x += g.dilation_width) {
      // Outputs whose tap is inside: taps of one output at the distance of the subsampling.
      const TapRange inside = inside_taps(x, n, g.subsampling_width, g.input_width);
      const int32_t* from = columns + x;
      if (g.subsampling_width == 1) {
        for (ptrdiff_t i = inside.first; i < inside.end; i++) to[i] = add(to[i], from[i]);
      } else {
        for (ptrdiff_t i = inside.first; i < inside.end; i++) {
          to[i] = add(to[i], from[i * g.subsampling_width]);
        }
      }
    }
  }
};

}  // namespace
}  // namespace qnnp
