// SPDX-License-Identifier: BSD-3-Clause
// Where a convolution's rows are. Two ways:
//   taps     a run is one tap's channels, read where it lies. Tiles inside the image add one offset
//            to their pixels' addresses; tiles that touch the border check every pixel, read zero
//            points outside, and leave out taps that are outside for all of their pixels. Pixels
//            that share such taps are put together.
//   patches  few channels: a run is `patch_rows` kernel rows, copied side by side, because single
//            taps would be shorter than a step of the dot product. Not the whole kernel: patches.h.
// Addresses of several runs are found at once, in a table: a call between two runs would cost all
// accumulators a way through memory.
#pragma once

#include "q8conv/pixel_sums.h"

namespace qnnp {
namespace {

struct ConvRows : ConvImage {
  static constexpr bool kSkips = true;

  const size_t runs, length;  // of a row; of a run
  size_t run = 0;
  size_t segments = 1;

  // `tile_rows`: pixels of a tile; `step`: bytes of the dot product's.
  QNNP_INLINE ConvRows(const ConvArgs& args, size_t tile_rows, size_t step)
      : ConvImage(args),
        runs(static_cast<size_t>(g.patch_rows == 0 ? g.kernel_height * g.kernel_width
                                                   : g.kernel_height / g.patch_rows)),
        length(g.patch_rows == 0 ? g.channels
                                 : static_cast<size_t>(g.patch_rows * g.kernel_width) * g.channels),
        first_pixel_(args.first_pixel),
        step_(step) {
    place_pixels(args.first_pixel, args.pixels);
    sort_pixels(tile_rows);
  }

  template <class I>
  __attribute__((noinline)) bool sum(size_t count, int32_t factor, int32_t* sums) const {
    PixelSums of(g);
    int32_t ordered[kMaxRows];
    if (!of.sum<I>(image, first_pixel_, count, factor, ordered)) return false;
    for (size_t i = 0; i < count; i++) sums[i] = ordered[order_[i]];
    return true;
  }

  QNNP_INLINE size_t end(size_t segment) const { return ends_[segment]; }

  struct Place {
    const uint8_t *order, *row;
    uint8_t* c;
    size_t stride, gap;
    QNNP_INLINE uint8_t* next() {
      const size_t pixel = *order++;
      return c + (pixel * stride + row[pixel] * gap);  // the gap may be negative
    }
  };
  QNNP_INLINE Place place(size_t first, uint8_t* c, size_t c_stride) const {
    return {order_ + first, row_, c, c_stride, g.row_gap};
  }

  template <int MR>
  struct Pointers {
    const uint8_t* p[MR];
    ptrdiff_t offset;

    QNNP_INLINE const uint8_t* row(int i) const { return p[i] + offset; }
    QNNP_INLINE void advance(size_t bytes) { offset += static_cast<ptrdiff_t>(bytes); }
  };

  template <int MR>
  QNNP_INLINE void start(size_t first, Pointers<MR>&) {
    first_ = first;
    mr_ = MR;
    bool outside = g.patch_rows != 0 || length < step_;
    for (size_t i = 0; i < MR; i++) outside |= outside_[first + i];
    interior_ = !outside;
    whole_ = true;
    window_y_ = {0, g.kernel_height};
    window_x_ = {0, g.kernel_width};
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

  QNNP_INLINE bool more() const { return ky_ < window_y_.end && window_x_.first < window_x_.end; }

  QNNP_INLINE void find() {
    at_ = 0;
    if (interior_ && listed_) {
      ky_ = g.kernel_height;
      place_bases();
    } else {
      find_slowly();
    }
  }

  template <int MR>
  QNNP_INLINE bool next(Pointers<MR>& p) {
    if (at_ == found_) return false;
    const Tap& tap = taps_[at_];
    run = tap.run;
    p.offset = interior_ ? tap.offset : 0;
    const uint8_t* const* from = runs_ + (interior_ ? 0 : at_ * MR);
    unroll<MR>([&](auto i) QNNP_LAMBDA { p.p[i] = from[i]; });
    at_++;
    return true;
  }

 private:
  static constexpr size_t kClasses = 16;  // of pixels: left, right, top, bottom taps are outside
  static constexpr size_t kMaxTile = 24;
  static constexpr size_t kRunsTogether = 32;

  struct Tap {
    ptrdiff_t down, right, offset;  // from a pixel's first tap; in bytes
    size_t run;
  };
  // Pixels of a class, side by side in an output row.
  struct Stretch {
    uint8_t kind, count;
  };

  const size_t first_pixel_, step_;
  size_t first_ = 0, mr_ = 0;                       // rows of the current tile
  bool interior_ = false;                           // all taps are inside, and read where they lie
  bool whole_ = true;                               // no taps are left out
  bool listed_ = false;                             // taps_ are all there are
  ptrdiff_t ky_ = 0, kx_ = 0;                       // the next one
  TapRange window_y_ = {0, 0}, window_x_ = {0, 0};  // kernel positions that the tile visits
  // Runs that were found for the current tile, and the next of them. Where they are: for all rows of
  // a run, or, in the interior, where the first tap is.
  size_t found_ = 0, at_ = 0;
  Tap taps_[kRunsTogether];
  const uint8_t* runs_[kRunsTogether * kMaxTile];
  size_t ends_[kClasses];
  // Of every pixel: input position of its first tap, and where that is in the image.
  ptrdiff_t y_[kMaxRows], x_[kMaxRows], offset_[kMaxRows];
  uint8_t row_[kMaxRows];  // the output row, from the first one's on
  size_t stretch_count_ = 0;
  Stretch stretches_[kMaxRows];
  // Of every row: its pixel, whether taps of it are outside.
  uint8_t order_[kMaxRows];
  bool outside_[kMaxRows];
  uint8_t patch_[kMaxTile][kMaxPatch];
  uint8_t long_[kRunsTogether * kMaxTile * kMaxStep];

  QNNP_INLINE void rewind() {
    ky_ = window_y_.first;
    kx_ = window_x_.first;
  }

  // How many of the first outputs have taps before the image, and the first one with taps behind it.
  static QNNP_INLINE TapRange inside_outputs(ptrdiff_t size, ptrdiff_t taps, ptrdiff_t dilation,
                                             ptrdiff_t subsampling, ptrdiff_t padding) {
    const ptrdiff_t room = size - 1 - (taps - 1) * dilation + padding;
    return {(padding + subsampling - 1) / subsampling, room < 0 ? 0 : room / subsampling + 1};
  }

  __attribute__((noinline)) void place_pixels(size_t first_pixel, size_t pixels) {
    const ptrdiff_t pixel = static_cast<ptrdiff_t>(first_pixel);
    const TapRange inside = inside_outputs(g.input_width, g.kernel_width, g.dilation_width,
                                           g.subsampling_width, g.padding_left);
    ptrdiff_t out_y = pixel / g.output_width, out_x = pixel % g.output_width;
    const ptrdiff_t step = g.subsampling_width * g.pixel_stride;
    int row = 0;
    for (ptrdiff_t done = 0, left = static_cast<ptrdiff_t>(pixels); left != 0; out_y++, out_x = 0) {
      const ptrdiff_t count = min(left, g.output_width - out_x);
      const ptrdiff_t y = out_y * g.subsampling_height - g.padding_top;
      const ptrdiff_t x = out_x * g.subsampling_width - g.padding_left;
      const ptrdiff_t offset = y * row_stride + x * g.pixel_stride;
      for (ptrdiff_t i = 0; i < count; i++) {
        y_[done + i] = y;
        x_[done + i] = x + i * g.subsampling_width;
        offset_[done + i] = offset + i * step;
      }
      memset(row_ + done, row++, static_cast<size_t>(count));
      const ptrdiff_t reach = (g.kernel_height - 1) * g.dilation_height;
      const unsigned kind = (y < 0 ? 4u : 0u) | (y + reach >= g.input_height ? 8u : 0u);
      const ptrdiff_t right_of = max<ptrdiff_t>(min(inside.first - out_x, count), 0);
      const ptrdiff_t left_of = max<ptrdiff_t>(min(inside.end - out_x, count), 0);
      add_stretch(kind | 1, min(right_of, left_of));
      add_stretch(kind | (left_of < right_of ? 3 : 0),
                  max(right_of, left_of) - min(right_of, left_of));
      add_stretch(kind | 2, count - max(right_of, left_of));
      done += count;
      left -= count;
    }
  }

  QNNP_INLINE void add_stretch(unsigned kind, ptrdiff_t count) {
    if (count == 0) return;
    stretches_[stretch_count_++] = {static_cast<uint8_t>(kind), static_cast<uint8_t>(count)};
  }

  // Pixels of a class form a segment, unless they do not fill a tile: corners then go to the
  // columns at the side, others to those inside.
  __attribute__((noinline)) void sort_pixels(size_t tile_rows) {
    size_t counts[kClasses] = {}, goes_to[kClasses], at[kClasses];
    const bool apart = g.skips && g.patch_rows == 0;
    for (size_t i = 0; i < stretch_count_; i++) {
      counts[apart ? stretches_[i].kind : 0] += stretches_[i].count;
    }
    for (size_t c = kClasses - 1; c > 0; c--) {
      goes_to[c] = c;
      if (counts[c] >= tile_rows) continue;
      const size_t side = c & 3;
      goes_to[c] = apart && side != 0 && side != c ? side : 0;
      counts[goes_to[c]] += counts[c];
      counts[c] = 0;
    }
    goes_to[0] = 0;
    segments = 0;
    for (size_t c = 0, end = 0; c < kClasses; c++) {
      goes_to[c] = goes_to[goes_to[c]];
      at[c] = end;
      end += counts[c];
      if (counts[c] != 0) ends_[segments++] = end;
    }
    for (size_t i = 0, pixel = 0; i < stretch_count_; i++) {
      const size_t count = stretches_[i].count, to = at[goes_to[stretches_[i].kind]];
      for (size_t k = 0; k < count; k++) {
        order_[to + k] = static_cast<uint8_t>(pixel + k);
        outside_[to + k] = stretches_[i].kind != 0;
      }
      at[goes_to[stretches_[i].kind]] += count;
      pixel += count;
    }
  }

  // To the taps that are inside for at least one pixel of the tile; false: that is all of them.
  __attribute__((noinline)) bool shrink_window() {
    TapRange y = {g.kernel_height, 0}, x = {g.kernel_width, 0};
    for (size_t i = first_; i < first_ + mr_; i++) {
      const size_t pixel = order_[i];
      const TapRange down =
          inside_taps(y_[pixel], g.kernel_height, g.dilation_height, g.input_height);
      const TapRange right =
          inside_taps(x_[pixel], g.kernel_width, g.dilation_width, g.input_width);
      if (down.first == down.end || right.first == right.end) continue;
      y = {min(y.first, down.first), max(y.end, down.end)};
      x = {min(x.first, right.first), max(x.end, right.end)};
    }
    window_y_ = y;
    window_x_ = x;
    rewind();
    whole_ = y.end - y.first == g.kernel_height && x.end - x.first == g.kernel_width;
    return !whole_;
  }

  QNNP_INLINE void place_bases() {
    for (size_t i = 0; i < mr_; i++) runs_[i] = image + offset_[order_[first_ + i]];
  }

  // Not inlined: every tile would hold a copy.
  __attribute__((noinline)) void find_slowly() {
    if (g.patch_rows != 0) {
      find_patches();
      return;
    }
    if (!(listed_ && whole_)) {
      list_taps();
    } else {
      ky_ = g.kernel_height;
    }
    if (interior_) {
      place_bases();
      return;
    }
    for (size_t i = 0; i < mr_; i++) {
      const size_t pixel = order_[first_ + i];
      for (size_t t = 0; t < found_; t++) runs_[t * mr_ + i] = address(pixel, taps_[t]);
    }
    if (length >= step_) return;
    for (size_t i = 0; i < found_ * mr_; i++) {
      runs_[i] = lengthen(runs_[i], length, step_, long_ + i * step_);
    }
  }

  using ConvImage::address;
  QNNP_INLINE const uint8_t* address(size_t pixel, const Tap& tap) const {
    const bool in_image =
        static_cast<size_t>(y_[pixel] + tap.down) < static_cast<size_t>(g.input_height) &&
        static_cast<size_t>(x_[pixel] + tap.right) < static_cast<size_t>(g.input_width);
    return in_image ? image + (offset_[pixel] + tap.offset) : g.zeros;
  }

  QNNP_INLINE void list_taps() {
    for (found_ = 0; found_ < kRunsTogether && more();) {
      const ptrdiff_t down = ky_ * g.dilation_height, right = kx_ * g.dilation_width;
      taps_[found_++] = {down, right, down * row_stride + right * g.pixel_stride,
                         static_cast<size_t>(ky_ * g.kernel_width + kx_)};
      if (++kx_ == window_x_.end) {
        kx_ = window_x_.first;
        ky_++;
      }
    }
    listed_ = whole_ && found_ == runs;
  }

  QNNP_INLINE void find_patches() {
    found_ = 0;
    if (!more()) return;
    for (size_t i = 0; i < mr_; i++) {
      const size_t pixel = order_[first_ + i];
      gather(y_[pixel], x_[pixel], ky_, 0, patch_[i]);
      runs_[i] = patch_[i];
    }
    taps_[found_++].run = static_cast<size_t>(ky_ / g.patch_rows);
    ky_ += g.patch_rows;
  }
};

}  // namespace
}  // namespace qnnp
