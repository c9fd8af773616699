// SPDX-License-Identifier: BSD-3-Clause
// Convolution through q8gemm/band_tile.h: where the runs of output pixels are. A run is one tap's
// channels, or, with few channels, `patch_rows` kernel rows, which are put together first.
#pragma once

#include "q8conv/patches.h"
#include "q8gemm/band_tile.h"

namespace qnnp {
namespace {

struct ConvBandRows {
  static constexpr size_t kVector = 16;

  const ConvGeometry g;  // a copy: stores cannot alias it
  const uint8_t* const image;
  const uint8_t* const image_end;
  const ptrdiff_t first_pixel, row_stride, step;
  size_t runs, length;
  ptrdiff_t end_y, end_x;          // first taps before them, and not negative, have all inside
  ptrdiff_t out_y = 0, out_x = 0;  // the next pixel
  // Pixels from the next one on that are inside and in one output row; its first tap. Patches that
  // are no lines do without.
  ptrdiff_t neighbours = 0;
  const uint8_t* tap = nullptr;
  Chunk chunk = {};
  // Small kernels in a dense image: where a pixel's bytes are in its kernel rows, 16 bytes of each.
  static constexpr ptrdiff_t kLines = 3;
  bool by_lines = false;
  ptrdiff_t line_distance = 0, lines_reach = 0;  // from a first tap past all that is read
  uint8_t table[kLines * kVector];

  QNNP_INLINE explicit ConvBandRows(const ConvArgs& args)
      : g(*args.geometry),
        image(args.image),
        image_end(image + (g.input_height * g.input_width - 1) * g.pixel_stride +
                  static_cast<ptrdiff_t>(g.channels)),
        first_pixel(static_cast<ptrdiff_t>(args.first_pixel)),
        row_stride(g.input_width * g.pixel_stride),
        step(g.subsampling_width * g.pixel_stride),
        end_y(g.input_height - (g.kernel_height - 1) * g.dilation_height),
        end_x(g.input_width - (g.kernel_width - 1) * g.dilation_width) {
    const size_t taps = static_cast<size_t>(g.kernel_height * g.kernel_width);
    const size_t together = static_cast<size_t>(g.patch_rows * g.kernel_width);
    runs = together == 0 ? taps : taps / together;
    length = max<size_t>(together, 1) * g.channels;
    pick_lines();
  }

  QNNP_INLINE void start(size_t first, const Chunk& part) {
    const ptrdiff_t pixel = first_pixel + static_cast<ptrdiff_t>(first);
    out_y = pixel / g.output_width;
    out_x = pixel % g.output_width;
    chunk = part;
    find_neighbours();
  }

  template <class Packer>
  QNNP_INLINE void pack(Packer& packer) {
    constexpr int kRows = Packer::kRows;
    const uint8_t* first[kRows];  // the first taps of pixels that are inside
    Pixel pixels[kRows];
    bool inside = true, lines = by_lines;
    if (neighbours >= kRows) {
      unroll<kRows>([&](auto i) QNNP_LAMBDA {
        first[i] = tap + i * step;
        pixels[i] = {0, 0, true};  // nobody asks where
      });
      tap += kRows * step;
      out_x += kRows;
      neighbours -= kRows;
    } else {
      inside = take(pixels, first);
      lines = lines && inside && image_end - first[kRows - 1] >= lines_reach;
      find_neighbours();
    }
    if (lines) {
      packer.add_lines(first, line_distance, table, length);
    } else if (g.patch_rows == 0) {
      add_taps(packer, pixels, first, inside);
    } else {
      add_patches(packer, pixels, first);
    }
  }

 private:
  struct Pixel {
    ptrdiff_t y, x;  // of its first tap
    bool inside;     // all its taps are
  };

  QNNP_INLINE void pick_lines() {
    const ptrdiff_t row_bytes = g.kernel_width * static_cast<ptrdiff_t>(g.channels);
    by_lines = g.dense && g.patch_rows == g.kernel_height && g.kernel_height <= kLines &&
               row_bytes <= static_cast<ptrdiff_t>(kVector);
    if (!by_lines) return;
    memset(table, 0xff, sizeof(table));
    uint8_t* to = table;
    for (ptrdiff_t line = 0; line < g.kernel_height; line++) {
      for (ptrdiff_t i = 0; i < row_bytes; i++) *to++ = static_cast<uint8_t>(16 * line + i);
    }
    // A kernel of one row reads it three times; one of two reads a third, which must exist.
    line_distance = g.kernel_height == 1 ? 0 : g.dilation_height * row_stride;
    lines_reach = (kLines - 1) * line_distance + static_cast<ptrdiff_t>(kVector);
  }

  QNNP_INLINE Pixel next_pixel() {
    if (out_x == g.output_width) {
      out_x = 0;
      out_y++;
    }
    const ptrdiff_t y = out_y * g.subsampling_height - g.padding_top;
    const ptrdiff_t x = out_x * g.subsampling_width - g.padding_left;
    return {y, x, y >= 0 && x >= 0 && y < end_y && x < end_x};
  }
  // From the next pixel on. Lines may not be read past the image, either.
  QNNP_INLINE void find_neighbours() {
    const Pixel pixel = next_pixel();
    neighbours = 0;
    if (!pixel.inside || (g.patch_rows != 0 && !by_lines)) return;
    tap = image + pixel.y * row_stride + pixel.x * g.pixel_stride;
    neighbours = min(g.output_width - out_x, (end_x - 1 - pixel.x) / g.subsampling_width + 1);
    if (!by_lines) return;
    const ptrdiff_t room = image_end - tap - lines_reach;
    neighbours = room < 0 ? 0 : min(neighbours, room / step + 1);
  }
  // False: not all of them are inside.
  template <int R>
  QNNP_INLINE bool take(Pixel (&pixels)[R], const uint8_t* (&first)[R]) {
    bool inside = true;
    for (int i = 0; i < R; i++, out_x++) {
      pixels[i] = next_pixel();
      inside = inside && pixels[i].inside;
      first[i] = pixels[i].inside ? image + pixels[i].y * row_stride + pixels[i].x * g.pixel_stride
                                  : image;
    }
    return inside;
  }

  QNNP_INLINE const uint8_t* address(ptrdiff_t row, ptrdiff_t column) const {
    const bool in_image = row >= 0 && row < g.input_height && column >= 0 && column < g.input_width;
    return in_image ? image + row * row_stride + column * g.pixel_stride : g.zeros;
  }

  template <class Packer, int R>
  QNNP_INLINE void add_taps(Packer& packer, const Pixel (&pixels)[R],
                            const uint8_t* const (&first)[R], bool inside) {
    const size_t n = min(chunk.units, length - chunk.offset);
    const uint8_t* p[R];
    ptrdiff_t ky = static_cast<ptrdiff_t>(chunk.run) / g.kernel_width;
    ptrdiff_t kx = static_cast<ptrdiff_t>(chunk.run) % g.kernel_width;
    for (size_t run = 0; run < chunk.runs; run++) {
      const ptrdiff_t down = ky * g.dilation_height, right = kx * g.dilation_width;
      const ptrdiff_t distance = down * row_stride + right * g.pixel_stride;
      for (int i = 0; i < R && !inside; i++) {
        p[i] = address(pixels[i].y + down, pixels[i].x + right) + chunk.offset;
      }
      unroll<R>([&](auto i) QNNP_LAMBDA {
        if (inside) p[i] = first[i] + distance + chunk.offset;
      });
      packer.add(p, n);
      if (++kx == g.kernel_width) {
        kx = 0;
        ky++;
      }
    }
  }

  template <class Packer, int R>
  QNNP_INLINE void add_patches(Packer& packer, const Pixel (&pixels)[R],
                               const uint8_t* const (&first)[R]) {
    uint8_t patch[R][kMaxPatch + kVector];
    const uint8_t* p[R];
    unroll<R>([&](auto i) QNNP_LAMBDA { p[i] = patch[i]; });
    for (size_t run = chunk.run; run < chunk.run + chunk.runs; run++) {
      const ptrdiff_t down = static_cast<ptrdiff_t>(run) * g.patch_rows * g.dilation_height;
      for (int i = 0; i < R; i++) {
        const uint8_t* from = first[i] + down * row_stride;
        if (pixels[i].inside && g.dense && copy_rows(from, patch[i])) continue;
        gather(pixels[i].y + down, pixels[i].x, patch[i]);
      }
      packer.template add<true>(p, length);
    }
  }

  // Kernel rows inside a dense image by whole vectors: the next one overwrites what is too much.
  // False: that would read past the image.
  QNNP_INLINE bool copy_rows(const uint8_t* from, uint8_t* to) const {
    const ptrdiff_t row_bytes = g.kernel_width * static_cast<ptrdiff_t>(g.channels);
    const ptrdiff_t below = g.dilation_height * row_stride;
    const ptrdiff_t needed =
        (g.patch_rows - 1) * below +
        static_cast<ptrdiff_t>(round_up(static_cast<size_t>(row_bytes), kVector));
    if (image_end - from < needed) return false;
    for (ptrdiff_t i = 0; i < g.patch_rows; i++, from += below, to += row_bytes) {
      ptrdiff_t k = 0;
      do {
        memcpy(to + k, from + k, kVector);
        k += kVector;
      } while (k < row_bytes);
    }
    return true;
  }

  // Anywhere. Not inlined: seldom, and long.
  __attribute__((noinline)) void gather(ptrdiff_t row, ptrdiff_t column, uint8_t* to) const {
    for (ptrdiff_t i = 0; i < g.patch_rows; i++, row += g.dilation_height) {
      for (ptrdiff_t kx = 0; kx < g.kernel_width; kx++, to += g.channels) {
        copy_short(to, address(row, column + kx * g.dilation_width), g.channels, 0);
      }
    }
  }
};

// Not inlined: one for all strips, for signed data and unsigned.
template <class I>
__attribute__((noinline)) void conv_band(const ConvArgs& args, uint8_t flip,
                                         const StripKernels& kernels) {
  ConvBandRows rows(args);
  run_band<I>(rows, args.pixels, args.panel, flip, kernels);
}
template <class I, const StripKernels& kKernels, bool kFlip>
void conv_band(const ConvArgs& args) {
  conv_band<I>(args, kFlip ? 0x80 : 0, kKernels);
}

}  // namespace

// One row of the table, beside its kernel.
#define QNNP_DEFINE_Q8CONV_BAND(Traits, isa, tile, strips) \
  QNNP_DEFINE_Q8CONV_BAND_FOR(any, Traits, isa, tile, strips)
#define QNNP_DEFINE_Q8CONV_BAND_FOR(core, Traits, isa, tile, strips)       \
  const ConvKernel q8conv_##tile##__##isa = {                              \
      #tile "__" #isa,                                                     \
      Traits::kIsa,                                                        \
      band_format<Traits>(),                                               \
      {conv_band<Traits, strips, false>, conv_band<Traits, strips, true>}, \
      Core::core};

}  // namespace qnnp
