// SPDX-License-Identifier: BSD-3-Clause
// Few channels: kernel rows of a pixel, copied side by side. If a patch is the whole kernel, the
// patches of all pixels are a matrix, made once, which the GEMM of the same tile multiplies; its
// bytes are unsigned, so that nobody turns signs over for every block of columns.
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

  // A patch from kernel row ky on, of the pixel whose first tap is at y, x.
  __attribute__((noinline)) void gather(ptrdiff_t y, ptrdiff_t x, ptrdiff_t ky, uint8_t* to) const {
    const size_t row_bytes = static_cast<size_t>(g.kernel_width) * g.channels;
    const bool together = g.dense && x >= 0 && x + g.kernel_width <= g.input_width;
    for (ptrdiff_t i = 0; i < g.patch_rows; i++, to += row_bytes) {
      const ptrdiff_t row = y + (ky + i) * g.dilation_height;
      if (together && row >= 0 && row < g.input_height) {
        copy_short(to, image + row * row_stride + x * g.pixel_stride, row_bytes);
        continue;
      }
      for (ptrdiff_t column = 0; column < g.kernel_width; column++) {
        copy_short(to + static_cast<size_t>(column) * g.channels,
                   address(row, x + column * g.dilation_width), g.channels);
      }
    }
  }
};

// Whole kernels, a row for each pixel.
struct PatchMatrix : ConvImage {
  static constexpr ptrdiff_t kVector = 16;  // bytes copied at a time

  const ptrdiff_t row_bytes, vector_bytes;  // of a kernel row, and by whole vectors
  const size_t length, pitch;
  const uint8_t flip;
  alignas(64) uint8_t bytes[kMaxRows * (kMaxPatch + kVector)];

  QNNP_INLINE PatchMatrix(const ConvArgs& args, uint8_t turned)
      : ConvImage(args),
        row_bytes(g.kernel_width * static_cast<ptrdiff_t>(g.channels)),
        vector_bytes((row_bytes + kVector - 1) / kVector * kVector),
        length(static_cast<size_t>(g.kernel_height * row_bytes)),
        pitch(round_up(length + static_cast<size_t>(vector_bytes - row_bytes), kVector)),
        flip(turned) {
    make(static_cast<ptrdiff_t>(args.first_pixel), args.pixels);
  }

 private:
  // Neighbours inside a dense image at once.
  __attribute__((noinline)) void make(ptrdiff_t pixel, size_t pixels) {
    const ptrdiff_t reach_x = (g.kernel_width - 1) * g.dilation_width;
    const ptrdiff_t reach_y = (g.kernel_height - 1) * g.dilation_height;
    ptrdiff_t out_y = pixel / g.output_width, out_x = pixel % g.output_width;
    uint8_t* to = bytes;
    for (size_t done; pixels != 0; pixels -= done, to += done * pitch) {
      const ptrdiff_t y = out_y * g.subsampling_height - g.padding_top;
      const ptrdiff_t x = out_x * g.subsampling_width - g.padding_left;
      const ptrdiff_t right = g.input_width - 1 - reach_x - x;  // of the last tap
      done = 0;
      if (g.dense && y >= 0 && y + reach_y < g.input_height && x >= 0 && right >= 0) {
        const ptrdiff_t most = min(g.output_width - out_x, right / g.subsampling_width + 1);
        done = copy(image + y * row_stride + x * g.pixel_stride,
                    min(pixels, static_cast<size_t>(most)), to);
      }
      if (done == 0) {
        gather(y, x, 0, to);
        for (size_t i = 0; i < length; i++) to[i] ^= flip;
        done = 1;
      }
      out_x += static_cast<ptrdiff_t>(done);
      if (out_x == g.output_width) {
        out_x = 0;
        out_y++;
      }
    }
  }

  // By whole vectors: the next kernel row overwrites what is too much, or it stays between patches.
  // Returns how many of the `count` pixels it did: the last ones would read past the image.
  QNNP_INLINE size_t copy(const uint8_t* from, size_t count, uint8_t* to) const {
    const ptrdiff_t below = g.dilation_height * row_stride;
    const ptrdiff_t step = g.subsampling_width * g.pixel_stride;
    const ptrdiff_t image_bytes =
        (g.input_height * g.input_width - 1) * g.pixel_stride + static_cast<ptrdiff_t>(g.channels);
    const ptrdiff_t room =
        image + image_bytes - from - (g.kernel_height - 1) * below - vector_bytes;
    if (room < 0) return 0;
    count = min(count, static_cast<size_t>(room / step + 1));
    for (ptrdiff_t ky = 0; ky < g.kernel_height; ky++, from += below, to += row_bytes) {
      for (ptrdiff_t k = 0; k < vector_bytes; k += kVector) {
        copy_vectors(from + k, step, count, to + k, pitch, flip);
      }
    }
    return count;
  }

  static QNNP_INLINE void copy_vectors(const uint8_t* from, ptrdiff_t step, size_t count,
                                       uint8_t* to, size_t to_step, uint8_t mask) {
    for (; count != 0; count--, from += step, to += to_step) {
      uint8_t vector[kVector];
      memcpy(vector, from, kVector);
      for (uint8_t& byte : vector) byte ^= mask;
      memcpy(to, vector, kVector);
    }
  }
};

}  // namespace
}  // namespace qnnp
