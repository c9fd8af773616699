// SPDX-License-Identifier: BSD-3-Clause
// Where a convolution's rows are. Two ways:
//   taps     a run is one tap's channels, read where it lies. Tiles inside the image add one offset
//   to their pixels' addresses; tiles that
//            touch the border check every pixel and read zero points outside.
//   patches  few channels: a run is `patch_rows` kernel rows, copied side by side, because single
//   taps would be shorter than a step of
//            the dot product. If that is the whole kernel, each pixel's patch is copied once for
//            all columns.
#pragma once

#include "q8conv/q8conv.h"

namespace qnnp {
namespace {

// n bytes, exactly.
QNNP_INLINE void copy_short(uint8_t* to, const uint8_t* from, size_t n) {
  if (n >= 8) {
    size_t i = 0;
    for (; i + 8 <= n; i += 8) memcpy(to + i, from + i, 8);
    memcpy(to + n - 8, from + n - 8, 8);  // overlaps what is done
  } else if (n >= 4) {
    memcpy(to, from, 4);
    memcpy(to + n - 4, from + n - 4, 4);
  } else {
    for (size_t i = 0; i < n; i++) to[i] = from[i];
  }
}

struct ConvRows {
  const ConvGeometry g;  // a copy: stores of output bytes cannot alias it
  const uint8_t* const image;
  const ptrdiff_t row_stride;
  const size_t length;  // of a run
  bool interior = false;
  size_t first = 0;  // pixel of the current tile
  ptrdiff_t ky = 0, kx = 0;

  // Of every pixel: input position of its first tap, and whether all its taps are inside the image.
  ptrdiff_t y[kMaxRows], x[kMaxRows];
  bool inside[kMaxRows];
  uint8_t patch[kMaxRows][kMaxPatch];

  QNNP_INLINE explicit ConvRows(const ConvArgs& args)
      : g(*args.geometry),
        image(args.image),
        row_stride(g.input_width * g.pixel_stride),
        length(g.patch_rows == 0
                   ? g.channels
                   : static_cast<size_t>(g.patch_rows * g.kernel_width) * g.channels) {
    const ptrdiff_t reach_y = (g.kernel_height - 1) * g.dilation_height;
    const ptrdiff_t reach_x = (g.kernel_width - 1) * g.dilation_width;
    const ptrdiff_t pixel = static_cast<ptrdiff_t>(args.first_pixel);
    ptrdiff_t out_y = pixel / g.output_width, out_x = pixel % g.output_width;
    for (size_t i = 0; i < args.pixels; i++) {
      y[i] = out_y * g.subsampling_height - g.padding_top;
      x[i] = out_x * g.subsampling_width - g.padding_left;
      inside[i] = y[i] >= 0 && x[i] >= 0 && y[i] + reach_y < g.input_height &&
                  x[i] + reach_x < g.input_width;
      if (g.patch_rows == g.kernel_height) gather(i, i);
      if (++out_x == g.output_width) {
        out_x = 0;
        out_y++;
      }
    }
  }

  template <int MR>
  QNNP_INLINE void start(size_t first_pixel, size_t count, const uint8_t* (&)[MR]) {
    interior = true;
    for (size_t i = 0; i < count; i++) interior = interior && inside[first_pixel + i];
    first = first_pixel;
    last = first_pixel + count - 1;
    ky = kx = 0;
  }

  template <int MR>
  QNNP_INLINE bool next(const uint8_t* (&p)[MR]) {
    if (ky == g.kernel_height) return false;
    if (interior && g.patch_rows == 0) {
      const uint8_t* tap =
          image + ky * g.dilation_height * row_stride + kx * g.dilation_width * g.pixel_stride;
      unroll<MR>([&](auto i) QNNP_LAMBDA {
        const size_t pixel = min<size_t>(first + i, last);
        p[i] = tap + y[pixel] * row_stride + x[pixel] * g.pixel_stride;
      });
    } else {
      next_slow(p, MR);
    }
    if (g.patch_rows != 0) {
      ky += g.patch_rows;
    } else if (++kx == g.kernel_width) {
      kx = 0;
      ky++;
    }
    return true;
  }

 private:
  size_t last = 0;

  // Not inlined: every tile would hold a copy.
  __attribute__((noinline)) void next_slow(const uint8_t** p, size_t mr) {
    for (size_t i = 0; i < mr; i++) {
      const size_t pixel = min(first + i, last);
      if (g.patch_rows == g.kernel_height) {
        p[i] = patch[pixel];
      } else if (g.patch_rows != 0) {
        gather(pixel, i);
        p[i] = patch[i];
      } else {
        p[i] = address(y[pixel] + ky * g.dilation_height, x[pixel] + kx * g.dilation_width);
      }
    }
  }

  QNNP_INLINE const uint8_t* address(ptrdiff_t row, ptrdiff_t column) const {
    const bool in_image = row >= 0 && row < g.input_height && column >= 0 && column < g.input_width;
    return in_image ? image + row * row_stride + column * g.pixel_stride : g.zeros;
  }

  // Kernel rows ky .. ky + patch_rows of a pixel.
  __attribute__((noinline)) void gather(size_t pixel, size_t slot) {
    uint8_t* to = patch[slot];
    const size_t row_bytes = static_cast<size_t>(g.kernel_width) * g.channels;
    for (ptrdiff_t i = 0; i < g.patch_rows; i++, to += row_bytes) {
      const ptrdiff_t row = y[pixel] + (ky + i) * g.dilation_height;
      if (inside[pixel] && g.dense) {
        copy_short(to, image + row * row_stride + x[pixel] * g.pixel_stride, row_bytes);
        continue;
      }
      for (ptrdiff_t column = 0; column < g.kernel_width; column++) {
        copy_short(to + static_cast<size_t>(column) * g.channels,
                   address(row, x[pixel] + column * g.dilation_width), g.channels);
      }
    }
  }
};

}  // namespace
}  // namespace qnnp
