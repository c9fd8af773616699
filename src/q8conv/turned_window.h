// SPDX-License-Identifier: BSD-3-Clause
// As q8gemm/turned_rows.h does for rows: the rows of a signed image that some output rows see become
// unsigned in a copy, once for all taps and columns.
#pragma once

#include "q8conv/q8conv.h"
#include "q8gemm/turned_rows.h"

namespace qnnp {
namespace {

// Fewer output pixels, if a window is full: weights would be read too often.
constexpr ptrdiff_t kLeastTurnedPixels = 24;

// Rows [top, bottom) of the input image.
struct ImageRows {
  ptrdiff_t top, bottom;
};
// What the output rows [first, end) see.
QNNP_INLINE ImageRows rows_seen(const ConvGeometry& g, ptrdiff_t first, ptrdiff_t end) {
  const ptrdiff_t top = max<ptrdiff_t>(first * g.subsampling_height - g.padding_top, 0);
  const ptrdiff_t last =
      (end - 1) * g.subsampling_height - g.padding_top + (g.kernel_height - 1) * g.dilation_height;
  return {top, max(top, min(g.input_height, last + 1))};
}

// `g` of a copy of those rows at `to`, without gaps between pixels, and of zeros behind it.
template <class I>
ConvGeometry turn_window(const ConvGeometry& g, const uint8_t* image, ImageRows rows, uint8_t* to) {
  const size_t pixels = static_cast<size_t>((rows.bottom - rows.top) * g.input_width);
  const uint8_t* from = image + rows.top * g.input_width * g.pixel_stride;
  ConvGeometry window = g;
  window.input_height = rows.bottom - rows.top;
  window.padding_top += rows.top;
  window.pixel_stride = static_cast<ptrdiff_t>(g.channels);
  if (g.pixel_stride == window.pixel_stride) {
    I::turn(to, from, pixels * g.channels);
  } else {
    for (size_t i = 0; i < pixels; i++, from += g.pixel_stride) {
      I::turn(to + i * g.channels, from, g.channels);
    }
  }
  uint8_t* const zeros = to + pixels * g.channels;
  I::turn(zeros, g.zeros, g.channels);
  window.zeros = zeros;
  return window;
}

// How many of `rows` output rows have windows that fit; 0: not even one.
QNNP_INLINE ptrdiff_t rows_at_a_time(const ConvGeometry& g, ptrdiff_t rows) {
  const ptrdiff_t reach = (g.kernel_height - 1) * g.dilation_height + 1;
  for (; rows > 0; rows--) {
    const ptrdiff_t seen = min(g.input_height, (rows - 1) * g.subsampling_height + reach);
    if (static_cast<size_t>(seen * g.input_width + 1) * g.channels <= kTurnedBytes) break;
  }
  return rows;
}

// Runs the kernel for unsigned images over copies of windows, whole output rows at a time. False:
// nothing is done.
template <class I>
__attribute__((noinline)) bool convolve_turned(const ConvArgs& args,
                                               void (*unsigned_image)(const ConvArgs&)) {
  const ConvGeometry& g = *args.geometry;
  ptrdiff_t pixel = static_cast<ptrdiff_t>(args.first_pixel);
  const ptrdiff_t end = pixel + static_cast<ptrdiff_t>(args.pixels);
  const ptrdiff_t bottom = (end - 1) / g.output_width + 1;
  ptrdiff_t y = pixel / g.output_width;
  const ptrdiff_t most = rows_at_a_time(g, bottom - y);
  if (args.panel.columns < kLeastTurnedColumns || most == 0 ||
      (most < bottom - y && most * g.output_width < kLeastTurnedPixels)) {
    return false;
  }
  alignas(kTurnedVector) uint8_t turned[kTurnedBytes + kTurnedVector];
  ConvArgs part = args;
  part.image = turned;
  for (ptrdiff_t rows; y < bottom; y += rows) {
    const size_t left = static_cast<size_t>(bottom - y);
    rows = static_cast<ptrdiff_t>(ceil_div(left, ceil_div(left, static_cast<size_t>(most))));
    const ptrdiff_t part_end = min(end, (y + rows) * g.output_width);
    const ConvGeometry window = turn_window<I>(g, args.image, rows_seen(g, y, y + rows), turned);
    part.geometry = &window;
    part.first_pixel = static_cast<size_t>(pixel);
    part.pixels = static_cast<size_t>(part_end - pixel);
    unsigned_image(part);
    part.panel.c += part.pixels * part.panel.c_stride + static_cast<size_t>(rows) * g.row_gap;
    pixel = part_end;
  }
  return true;
}

}  // namespace
}  // namespace qnnp
