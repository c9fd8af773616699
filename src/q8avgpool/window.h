// SPDX-License-Identifier: BSD-3-Clause
// What all poolings share: a row of windows, the part of each that lies inside the image, and the
// walk over channels. A window is clipped, so border pixels take the same path as interior ones;
// there is no table of addresses. Above: the families q8avgpool, q8gavgpool and u8maxpool.
#pragma once

#include "base/common.h"

namespace qnnp {

// `count` neighbouring output pixels of one output row.
struct WindowRow {
  const uint8_t* input;  // pixel 0 of the first input row that the windows share with the image
  size_t rows;           // of these; 0 when the windows lie in the padding
  size_t input_width;
  size_t input_stride;  // bytes from pixel to pixel
  size_t row_stride;    // bytes from a row of taps to the next
  size_t pooling_width, stride_width, dilation_width, padding_left;
  size_t first, count;  // output columns
  size_t channels;
  uint8_t* output;  // of column `first`
  size_t output_stride;
};

// Those of a window's taps that lie inside the image, in one dimension.
struct Taps {
  size_t first, count;
};

// Of `size` taps, the first at `begin`, `dilation` apart: those in [low, high).
QNNP_INLINE Taps taps_inside(size_t begin, size_t size, size_t dilation, size_t low, size_t high) {
  if (begin >= low && begin + (size - 1) * dilation < high) return {0, size};
  const size_t first = begin < low ? ceil_div(low - begin, dilation) : 0;
  const size_t end = begin < high ? min(size, ceil_div(high - begin, dilation)) : 0;
  return first < end ? Taps{first, end - first} : Taps{0, 0};
}

namespace {

// A rectangle of pixels inside the image; rows * cols is 0 when nothing is inside.
struct Window {
  const uint8_t* p;  // its first pixel
  size_t rows, cols;
  size_t row_stride, stride;  // bytes

  QNNP_INLINE Window from(size_t channel) const {
    return {p + channel, rows, cols, row_stride, stride};
  }
};

// Block is how an instruction set reduces a window, for a few channels:
//   kChannels                        of one call
//   run(window, params, c)           kChannels channels
//   run_short(window, params, c, n)  n < kChannels channels
template <class Block, class Params>
QNNP_INLINE void pool_window(const Window& window, size_t channels, const Params& params,
                             uint8_t* c) {
  constexpr size_t kChannels = Block::kChannels;
  size_t done = 0;
  for (; done + kChannels <= channels; done += kChannels) {
    Block::run(window.from(done), params, c + done);
  }
  if (done != channels) {
    Block::run_short(window.from(done), params, c + done, channels - done);
  }
}

// `pixels` windows of one shape, `step` bytes apart.
template <class Block, class Params>
QNNP_INLINE void pool_span(Window window, size_t pixels, size_t step, size_t channels,
                           const Params& params, uint8_t* c, size_t c_stride) {
  for (; pixels != 0; pixels--, window.p += step, c += c_stride) {
    pool_window<Block>(window, channels, params, c);
  }
}

// All windows with the same Block.
template <class Block>
struct UniformPooler {
  template <class Params>
  static QNNP_INLINE void span(const Window& window, size_t pixels, size_t step, size_t channels,
                               const Params& params, uint8_t* c, size_t c_stride) {
    pool_span<Block>(window, pixels, step, channels, params, c, c_stride);
  }
};

// Pooler::span does what pool_span does, with the Block of its choice. Everything by value: a store
// of bytes could change what is passed by reference.
template <class Pooler, class Params>
QNNP_INLINE void pool_row(const WindowRow row, const Params params) {
  const size_t image_end = row.padding_left + row.input_width;
  const size_t reach = (row.pooling_width - 1) * row.dilation_width + 1;
  const size_t tap_stride = row.input_stride * row.dilation_width;
  uint8_t* c = row.output;
  for (size_t column = row.first, left = row.count; left != 0;) {
    // In columns of the padded image.
    const size_t begin = column * row.stride_width;
    const Taps taps =
        taps_inside(begin, row.pooling_width, row.dilation_width, row.padding_left, image_end);
    Window window = {row.input, 0, 0, row.row_stride, tap_stride};
    size_t pixels = 1;
    if (taps.count != 0 && row.rows != 0) {
      const size_t x = begin + taps.first * row.dilation_width - row.padding_left;
      window = {row.input + x * row.input_stride, row.rows, taps.count, row.row_stride, tap_stride};
      if (taps.count == row.pooling_width) {
        pixels = min(left, (image_end - reach - begin) / row.stride_width + 1);
      }
    }
    Pooler::span(window, pixels, row.stride_width * row.input_stride, row.channels, params, c,
                 row.output_stride);
    c += pixels * row.output_stride;
    column += pixels;
    left -= pixels;
  }
}

}  // namespace
}  // namespace qnnp
