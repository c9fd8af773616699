// SPDX-License-Identifier: BSD-3-Clause
// Few channels: kernel rows of a pixel, copied side by side. If a patch is the whole kernel, the
// patches of all pixels are a matrix, made once, which the GEMM of the same tile multiplies; its
// bytes are unsigned, so that nobody turns signs over for every block of columns.
#pragma once

#include "q8conv/q8conv.h"

namespace qnnp {
namespace {

// kWords words, XORed with as much of a mask that repeats one byte.
template <class Word, int kWords = 1>
QNNP_INLINE void copy_words(uint8_t* to, const uint8_t* from, uint64_t mask) {
  Word words[kWords];
  memcpy(words, from, sizeof(words));
  for (Word& word : words) word = static_cast<Word>(word ^ mask);
  memcpy(to, words, sizeof(words));
}

// n bytes, exactly.
QNNP_INLINE void copy_short(uint8_t* to, const uint8_t* from, size_t n, uint64_t mask) {
  if (n >= 8) {
    for (size_t i = 0; i + 8 < n; i += 8) copy_words<uint64_t>(to + i, from + i, mask);
    copy_words<uint64_t>(to + n - 8, from + n - 8, mask);  // overlaps what is done
  } else if (n >= 4) {
    copy_words<uint32_t>(to, from, mask);
    copy_words<uint32_t>(to + n - 4, from + n - 4, mask);
  } else {
    for (size_t i = 0; i < n; i++) copy_words<uint8_t>(to + i, from + i, mask);
  }
}
constexpr uint64_t repeated(uint8_t byte) { return byte * (~uint64_t{0} / 255); }

// Kernel positions whose taps are inside the image, in one dimension: [first, end).
struct TapRange {
  ptrdiff_t first, end;
};

// The tap at kernel position k is at position + k * dilation of `size`.
QNNP_INLINE TapRange inside_taps(ptrdiff_t position, ptrdiff_t taps, ptrdiff_t dilation,
                                 ptrdiff_t size) {
  if (position >= 0 && position + (taps - 1) * dilation < size) return {0, taps};
  const ptrdiff_t first = position >= 0 ? 0 : min(taps, (dilation - 1 - position) / dilation);
  const ptrdiff_t end = position >= size ? 0 : (size - 1 - position) / dilation + 1;
  return {first, max(first, min(taps, end))};
}

// What taps and patches share: where the image's pixels are.
struct ConvImage {
  const ConvGeometry g;  // a copy: stores of output bytes cannot alias it
  const uint8_t* const image;
  const ptrdiff_t row_stride;

  QNNP_INLINE explicit ConvImage(const ConvArgs& args)
      : g(*args.geometry), image(args.image), row_stride(g.input_width * g.pixel_stride) {}

  QNNP_INLINE const uint8_t* address(ptrdiff_t row, ptrdiff_t column) const {
    const bool in_image = row >= 0 && row < g.input_height && column >= 0 && column < g.input_width;
    return in_image ? image + row * row_stride + column * g.pixel_stride : g.zeros;
  }

  QNNP_INLINE bool has_row(ptrdiff_t row) const { return row >= 0 && row < g.input_height; }

  // A patch from kernel row ky on, of the pixel whose first tap is at y, x; at `to` are kMaxPatch
  // bytes.
  __attribute__((noinline)) void gather(ptrdiff_t y, ptrdiff_t x, ptrdiff_t ky, uint8_t flip,
                                        uint8_t* to) const {
    const ptrdiff_t channels = static_cast<ptrdiff_t>(g.channels);
    const TapRange inside = inside_taps(x, g.kernel_width, g.dilation_width, g.input_width);
    const uint64_t mask = repeated(flip);
    // A dense row is one copy.
    const ptrdiff_t taps = g.dense ? max<ptrdiff_t>(inside.end - inside.first, 1) : 1;
    memset(to, g.zeros[0] ^ flip, kMaxPatch);
    for (ptrdiff_t i = 0; i < g.patch_rows; i++, to += g.kernel_width * channels) {
      const ptrdiff_t row = y + (ky + i) * g.dilation_height;
      if (!has_row(row)) continue;
      for (ptrdiff_t k = inside.first; k < inside.end; k += taps) {
        copy_short(to + k * channels, address(row, x + k * g.dilation_width),
                   static_cast<size_t>(taps * channels), mask);
      }
    }
  }
};

// Whole kernels, a row for each pixel.
struct PatchMatrix : ConvImage {
  static constexpr ptrdiff_t kVector = 16, kWide = 32;  // bytes copied at a time

  const ptrdiff_t row_bytes, vector, vector_bytes;  // of a kernel row, and by whole vectors
  const size_t length, pitch;
  const uint8_t flip;
  uint8_t padding[kWide];
  alignas(64) uint8_t bytes[(kMaxRows + 1) * kMaxPatch];

  QNNP_INLINE PatchMatrix(const ConvArgs& args, uint8_t turned)
      : ConvImage(args),
        row_bytes(g.kernel_width * static_cast<ptrdiff_t>(g.channels)),
        vector(row_bytes > kVector ? kWide : kVector),
        vector_bytes((row_bytes + vector - 1) / vector * vector),
        length(static_cast<size_t>(g.kernel_height * row_bytes)),
        pitch(round_up(length, size_t{kWide})),
        flip(turned) {
    memset(padding, g.zeros[0], kWide);
    make(static_cast<ptrdiff_t>(args.first_pixel), args.pixels);
  }

 private:
  // Neighbours between the left and right border of a dense image at once.
  __attribute__((noinline)) void make(ptrdiff_t pixel, size_t pixels) {
    const ptrdiff_t reach_x = (g.kernel_width - 1) * g.dilation_width;
    ptrdiff_t out_y = pixel / g.output_width, out_x = pixel % g.output_width;
    uint8_t* to = bytes;
    for (size_t done; pixels != 0; pixels -= done, to += done * pitch) {
      const ptrdiff_t y = out_y * g.subsampling_height - g.padding_top;
      const ptrdiff_t x = out_x * g.subsampling_width - g.padding_left;
      const ptrdiff_t right = g.input_width - 1 - reach_x - x;  // of the last tap
      done = 0;
      if (g.dense && x >= 0 && right >= 0) {
        const size_t of_row = min(pixels, static_cast<size_t>(g.output_width - out_x));
        done = copy(y, x, fitting(right, g.subsampling_width, of_row), to);
      }
      if (done == 0) {
        gather(y, x, 0, flip, to);
        done = 1;
      }
      out_x += static_cast<ptrdiff_t>(done);
      if (out_x == g.output_width) {
        out_x = 0;
        out_y++;
      }
    }
  }

  // How many of `count` steps, the first one of length 0, fit into `room`.
  static QNNP_INLINE size_t fitting(ptrdiff_t room, ptrdiff_t step, size_t count) {
    if (static_cast<ptrdiff_t>(count - 1) * step <= room) return count;
    return static_cast<size_t>(room / step + 1);
  }

  // Kernels of three and seven rows by whole vectors: the next row, or pixel, overwrites what is too
  // much. Returns how many of the `count` pixels it did: the last ones would read past the image.
  QNNP_INLINE size_t copy(ptrdiff_t y, ptrdiff_t x, size_t count, uint8_t* to) const {
    const ptrdiff_t step = g.subsampling_width * g.pixel_stride;
    const ptrdiff_t column = x * g.pixel_stride;
    const ptrdiff_t last_row =
        min(y + (g.kernel_height - 1) * g.dilation_height, g.input_height - 1);
    const ptrdiff_t room = (g.input_height - last_row) * row_stride - column - vector_bytes;
    if (room < 0) return 0;
    count = fitting(room, step, count);
    const uint8_t* const from = image + y * row_stride + column;
    if (has_row(y) && last_row - y == (g.kernel_height - 1) * g.dilation_height) {
      if (g.kernel_height == 3 && vector_bytes == kVector) {
        copy_pixels<3, uint64_t, 2>(from, step, count, to);
        return count;
      }
      if (g.kernel_height == 7 && vector_bytes == kWide) {
        copy_pixels<7, uint64_t, 4>(from, step, count, to);
        return count;
      }
    }
    for (ptrdiff_t ky = 0; ky < g.kernel_height; ky++, y += g.dilation_height, to += row_bytes) {
      copy_row(has_row(y) ? image + y * row_stride + column : nullptr, step, count, to);
    }
    return count;
  }

  // A kernel row of `count` pixels, exactly: the last piece of it overlaps the one before. nullptr:
  // it is outside the image.
  QNNP_INLINE void copy_row(const uint8_t* row, ptrdiff_t step, size_t count, uint8_t* to) const {
    if (row == nullptr) step = 0;
    const ptrdiff_t piece = row_bytes >= 16 ? 16 : row_bytes >= 8 ? 8 : 1;
    const ptrdiff_t last = row_bytes - piece;
    for (ptrdiff_t k = 0, next; k <= last; k = next) {
      const uint8_t* const part = row == nullptr ? padding : row + k;
      if (piece == 16) {
        copy_pixels<1, uint64_t, 2>(part, step, count, to + k);
      } else if (piece == 8) {
        copy_pixels<1, uint64_t>(part, step, count, to + k);
      } else {
        copy_pixels<1, uint8_t>(part, step, count, to + k);
      }
      next = k == last ? k + 1 : min(k + piece, last);
    }
  }

  template <int kRows, class Word, int kWords = 1>
  QNNP_INLINE void copy_pixels(const uint8_t* from, ptrdiff_t step, size_t count,
                               uint8_t* to) const {
    const ptrdiff_t below = g.dilation_height * row_stride, beside = row_bytes;
    const size_t to_step = pitch;
    const uint64_t mask = repeated(flip);
    for (; count != 0; count--, from += step, to += to_step) {
      unroll<kRows>([&](auto ky) QNNP_LAMBDA {
        copy_words<Word, kWords>(to + ky * beside, from + ky * below, mask);
      });
    }
  }
};

}  // namespace
}  // namespace qnnp
