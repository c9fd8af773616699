// SPDX-License-Identifier: BSD-3-Clause
// Where a convolution's rows are. Two ways:
//   taps     a run is one tap's channels, read where it lies. Tiles inside the image add one offset
//            to their pixels' addresses; tiles that touch the border check every pixel, read zero
//            points outside, and leave out taps that are outside for all of their pixels. Pixels
//            that share such taps are put together.
//   patches  few channels: a run is `patch_rows` kernel rows, copied side by side, because single
//            taps would be shorter than a step of the dot product. Not the whole kernel: patches.h.
#pragma once

#include "q8conv/patches.h"

namespace qnnp {
namespace {

struct ConvRows : ConvImage {
  static constexpr bool kSkips = true;

  const size_t runs, length;  // of a row; of a run
  size_t run = 0;
  size_t segments = 1;

  // `tile_rows`: pixels of a tile.
  QNNP_INLINE ConvRows(const ConvArgs& args, size_t tile_rows)
      : ConvImage(args),
        runs(static_cast<size_t>(g.patch_rows == 0 ? g.kernel_height * g.kernel_width
                                                   : g.kernel_height / g.patch_rows)),
        length(g.patch_rows == 0
                   ? g.channels
                   : static_cast<size_t>(g.patch_rows * g.kernel_width) * g.channels) {
    place_pixels(args.first_pixel, args.pixels);
    number_rows(args);
    ends_[0] = args.pixels;
    if (g.skips && g.patch_rows == 0 && border_) sort_pixels(args.pixels, tile_rows);
  }

  QNNP_INLINE size_t end(size_t segment) const { return ends_[segment]; }

  struct Place {
    const uint8_t *order, *row;
    uint8_t* c;
    size_t stride, gap;
    QNNP_INLINE uint8_t* next() {
      const size_t pixel = *order++;
      return c + pixel * stride + row[pixel] * gap;
    }
  };
  QNNP_INLINE Place place(size_t first, uint8_t* c, size_t c_stride) const {
    return {order_ + first, row_, c, c_stride, g.row_gap};
  }

  template <int MR>
  struct Pointers {
    const uint8_t* p[MR];
    size_t offset;

    QNNP_INLINE const uint8_t* row(int i) const { return p[i] + offset; }
    QNNP_INLINE void set(const uint8_t* first, size_t distance) {
      unroll<MR>([&](auto i) QNNP_LAMBDA { p[i] = first + i * distance; });
      offset = 0;
    }
    QNNP_INLINE void advance(size_t bytes) { offset += bytes; }
  };

  template <int MR>
  QNNP_INLINE void start(size_t first, Pointers<MR>& p) {
    p.offset = 0;
    first_ = first;
    last_ = first + MR - 1;
    window_y_ = {0, g.kernel_height};
    window_x_ = {0, g.kernel_width};
    interior_ = g.patch_rows == 0;
    for (size_t i = first; interior_ && i <= last_; i++) interior_ = inside(order_[i]);
    if (interior_) {
      unroll<MR>([&](auto i) QNNP_LAMBDA {
        const size_t pixel = order_[first + i];
        offset_[i] = y_[pixel] * row_stride + x_[pixel] * g.pixel_stride;
      });
    }
    rewind();
  }

  // A single tap has no sum beside the weights (PackShape::has_run_sums).
  QNNP_INLINE bool skip() {
    return g.skips && !interior_ && g.patch_rows == 0 && runs > 1 && shrink_window();
  }

  // Padding of the taps left out, in the first `columns` of nr columns.
  __attribute__((noinline)) void add_skipped(const int32_t* bias, const int32_t* run_sums,
                                             size_t nr, size_t columns, int32_t* to) const {
    memcpy(to, bias, columns * sizeof(int32_t));
    for (ptrdiff_t ky = 0; ky < g.kernel_height; ky++) {
      for (ptrdiff_t kx = 0; kx < g.kernel_width; kx++, run_sums += nr) {
        if (window_y_.first <= ky && ky < window_y_.end && window_x_.first <= kx &&
            kx < window_x_.end) {
          continue;
        }
        for (size_t i = 0; i < columns; i++) {
          to[i] = static_cast<int32_t>(static_cast<uint32_t>(to[i]) +
                                       static_cast<uint32_t>(run_sums[i]));
        }
      }
    }
  }

  template <int MR>
  QNNP_INLINE bool next(Pointers<MR>& p) {
    if (ky_ >= window_y_.end || window_x_.first >= window_x_.end) return false;
    if (interior_) {
      const uint8_t* tap =
          image + ky_ * g.dilation_height * row_stride + kx_ * g.dilation_width * g.pixel_stride;
      unroll<MR>([&](auto i) QNNP_LAMBDA { p.p[i] = tap + offset_[i]; });
    } else {
      next_slow(p.p, MR);
    }
    if (g.patch_rows != 0) {
      run = static_cast<size_t>(ky_ / g.patch_rows);
      ky_ += g.patch_rows;
      return true;
    }
    run = static_cast<size_t>(ky_ * g.kernel_width + kx_);
    if (++kx_ == window_x_.end) {
      kx_ = window_x_.first;
      ky_++;
    }
    return true;
  }

 private:
  static constexpr size_t kClasses = 16;  // of pixels: left, right, top, bottom taps are outside
  static constexpr int kMaxTile = 24;

  bool interior_ = false, border_ = false;
  size_t first_ = 0, last_ = 0;  // rows of the current tile
  ptrdiff_t ky_ = 0, kx_ = 0;
  TapRange window_y_ = {0, 0}, window_x_ = {0, 0};  // kernel positions that the tile visits
  ptrdiff_t offset_[kMaxTile];
  size_t ends_[kClasses];
  // Of every pixel: input position of its first tap, its taps inside.
  ptrdiff_t y_[kMaxRows], x_[kMaxRows];
  TapRange taps_y_[kMaxRows], taps_x_[kMaxRows];
  uint8_t row_[kMaxRows];    // the output row of a pixel, from the first one's on
  uint8_t order_[kMaxRows];  // the pixel of a row
  uint8_t patch_[kMaxTile][kMaxPatch];

  QNNP_INLINE void place_pixel(size_t i, ptrdiff_t y, ptrdiff_t x) {
    order_[i] = static_cast<uint8_t>(i);
    y_[i] = y;
    x_[i] = x;
    taps_y_[i] = inside_taps(y, g.kernel_height, g.dilation_height, g.input_height);
    taps_x_[i] = inside_taps(x, g.kernel_width, g.dilation_width, g.input_width);
  }

  QNNP_INLINE void place_pixels(size_t first_pixel, size_t pixels) {
    const ptrdiff_t pixel = static_cast<ptrdiff_t>(first_pixel);
    ptrdiff_t out_y = pixel / g.output_width, out_x = pixel % g.output_width;
    for (size_t i = 0; i < pixels; i++) {
      place_pixel(i, out_y * g.subsampling_height - g.padding_top,
                  out_x * g.subsampling_width - g.padding_left);
      border_ = border_ || !inside(i);
      if (++out_x == g.output_width) {
        out_x = 0;
        out_y++;
      }
    }
  }

  // Without gaps they do not matter.
  QNNP_INLINE void number_rows(const ConvArgs& args) {
    memset(row_, 0, sizeof(row_));
    if (g.row_gap == 0) return;
    const size_t width = static_cast<size_t>(g.output_width);
    size_t end = width - args.first_pixel % width;
    for (int row = 1; end < args.pixels; row++, end += width) {
      memset(row_ + end, row, min(width, args.pixels - end));
    }
  }

  QNNP_INLINE bool inside(size_t pixel) const {
    return taps_y_[pixel].end - taps_y_[pixel].first == g.kernel_height &&
           taps_x_[pixel].end - taps_x_[pixel].first == g.kernel_width;
  }

  QNNP_INLINE void rewind() {
    ky_ = window_y_.first;
    kx_ = window_x_.first;
  }

  // Bits 0, 1: taps on the left, right are outside; 2, 3: at the top, bottom.
  QNNP_INLINE unsigned class_of(size_t pixel) const {
    return (taps_x_[pixel].first > 0 ? 1u : 0u) | (taps_x_[pixel].end < g.kernel_width ? 2u : 0u) |
           (taps_y_[pixel].first > 0 ? 4u : 0u) | (taps_y_[pixel].end < g.kernel_height ? 8u : 0u);
  }

  // Pixels of a class form a segment, unless they do not fill a tile: corners then go to the
  // columns at the side, others to those inside.
  __attribute__((noinline)) void sort_pixels(size_t pixels, size_t tile_rows) {
    uint8_t counts[kClasses] = {}, goes_to[kClasses], of_pixel[kMaxRows];
    for (size_t i = 0; i < pixels; i++) {
      of_pixel[i] = static_cast<uint8_t>(class_of(i));
      counts[of_pixel[i]]++;
    }
    for (unsigned c = 0; c < kClasses; c++) goes_to[c] = static_cast<uint8_t>(c);
    for (unsigned c = kClasses - 1; c > 0; c--) {
      if (counts[c] == 0 || counts[c] >= tile_rows) continue;
      const unsigned side = c & 3;
      goes_to[c] = static_cast<uint8_t>(side != 0 && side != c ? side : 0);
      counts[goes_to[c]] = static_cast<uint8_t>(counts[goes_to[c]] + counts[c]);
      counts[c] = 0;
    }
    size_t at = 0;
    segments = 0;
    for (unsigned c = 0; c < kClasses; c++) {
      if (counts[c] == 0) continue;
      for (size_t i = 0; i < pixels; i++) {
        unsigned home = of_pixel[i];
        while (goes_to[home] != home) home = goes_to[home];
        if (home == c) order_[at++] = static_cast<uint8_t>(i);
      }
      ends_[segments++] = at;
    }
  }

  // To the taps that are inside for at least one pixel of the tile; false: that is all of them.
  __attribute__((noinline)) bool shrink_window() {
    TapRange y = {g.kernel_height, 0}, x = {g.kernel_width, 0};
    for (size_t i = first_; i <= last_; i++) {
      const size_t pixel = order_[i];
      if (taps_y_[pixel].first == taps_y_[pixel].end) continue;
      if (taps_x_[pixel].first == taps_x_[pixel].end) continue;
      y = {min(y.first, taps_y_[pixel].first), max(y.end, taps_y_[pixel].end)};
      x = {min(x.first, taps_x_[pixel].first), max(x.end, taps_x_[pixel].end)};
    }
    window_y_ = y;
    window_x_ = x;
    rewind();
    return y.end - y.first != g.kernel_height || x.end - x.first != g.kernel_width;
  }

  // Not inlined: every tile would hold a copy.
  __attribute__((noinline)) void next_slow(const uint8_t** p, size_t mr) {
    for (size_t i = 0; i < mr; i++) {
      const size_t pixel = order_[first_ + i];
      if (g.patch_rows != 0) {
        gather(y_[pixel], x_[pixel], ky_, 0, patch_[i]);
        p[i] = patch_[i];
      } else {
        p[i] = address(y_[pixel] + ky_ * g.dilation_height, x_[pixel] + kx_ * g.dilation_width);
      }
    }
  }
};

}  // namespace
}  // namespace qnnp
