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
  const uint8_t* image_end;
  ptrdiff_t first_pixel, row_stride;
  size_t runs, length;
  uint8_t flip;

  QNNP_INLINE ConvPairRows(const ConvArgs& args, uint8_t rows_flip)
      : g(*args.geometry),
        image(args.image),
        image_end(image + (g.input_height * g.input_width - 1) * g.pixel_stride +
                  static_cast<ptrdiff_t>(g.channels)),
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
    for (size_t done; count != 0; count -= done, to += done * pitch) {
      const ptrdiff_t y = out_y * g.subsampling_height - g.padding_top;
      const ptrdiff_t x = out_x * g.subsampling_width - g.padding_left;
      const ptrdiff_t right =
          g.input_width - 1 - reach_x - x;  // pixels from the last tap to the border
      const bool inside = y >= 0 && x >= 0 && y + reach_y < g.input_height && right >= 0;
      done = 0;
      if (inside && g.dense && g.patch_rows != 0) {
        const ptrdiff_t most = min(g.output_width - out_x, right / g.subsampling_width + 1);
        done = copy_patches<I>(image + y * row_stride + x * g.pixel_stride,
                               min(count, static_cast<size_t>(most)), chunk, to, pitch);
      }
      if (done == 0) {
        done = 1;
        if (g.patch_rows != 0) {
          patches<I>({y, x, inside}, chunk, to);
        } else {
          taps<I>({y, x, inside}, chunk, to);
        }
      }
      out_x += static_cast<ptrdiff_t>(done);
      if (out_x == g.output_width) {
        out_x = 0;
        out_y++;
      }
    }
  }

  // Neighbours inside a dense image, by whole vectors: the next kernel row overwrites what is too
  // much, and weights of zero meet the rest. Returns how many of the `count` pixels it did: the
  // last ones would read past the image.
  template <class I>
  QNNP_INLINE size_t copy_patches(const uint8_t* from, size_t count, const Chunk& chunk,
                                  int16_t* to, size_t pitch) const {
    constexpr ptrdiff_t kWide = static_cast<ptrdiff_t>(I::kWide);
    static_assert(I::kWide <= kPitchUnit, "what is too much behind a row stays in its pitch");
    const ptrdiff_t row_bytes = g.kernel_width * static_cast<ptrdiff_t>(g.channels);
    const ptrdiff_t below = g.dilation_height * row_stride,
                    step = g.subsampling_width * g.pixel_stride;
    const ptrdiff_t per_run = g.patch_rows, runs_here = static_cast<ptrdiff_t>(chunk.runs);
    from += static_cast<ptrdiff_t>(chunk.run) * per_run * below;
    const ptrdiff_t reach = (runs_here * per_run - 1) * below + round_up(row_bytes, kWide);
    const ptrdiff_t room = image_end - from - reach;
    if (room < 0) return 0;
    count = min(count, static_cast<size_t>(room / step + 1));
    const typename I::Flip mask = I::flip(flip);
    for (size_t pixel = 0; pixel < count; pixel++, from += step, to += pitch) {
      const uint8_t* row = from;
      int16_t* words = to;
      for (ptrdiff_t run = 0; run < runs_here; run++) {
        for (ptrdiff_t i = 0; i < per_run; i++, row += below, words += row_bytes) {
          ptrdiff_t k = 0;
          do {
            I::widen(row + k, mask, words + k);
            k += kWide;
          } while (k < row_bytes);
        }
        words += length % 2;
      }
    }
    return count;
  }

  QNNP_INLINE const uint8_t* address(ptrdiff_t row, ptrdiff_t column) const {
    const bool in_image = row >= 0 && row < g.input_height && column >= 0 && column < g.input_width;
    return in_image ? image + row * row_stride + column * g.pixel_stride : g.zeros;
  }

  template <class I>
  QNNP_INLINE void taps(const Pixel& pixel, const Chunk& chunk, int16_t* to) const {
    const size_t n = min(chunk.units / chunk.runs, length - chunk.offset), run_words = n + n % 2;
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
