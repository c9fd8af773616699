// SPDX-License-Identifier: BSD-3-Clause
// Kernels of one tap at a stride: the pixels that outputs see lie apart, and processors do not
// foresee where. They are copied side by side, as unsigned bytes, and the GEMM of the same tile
// multiplies them. Where they lie side by side in the image, it does so there.
#pragma once

#include "q8conv/patches.h"
#include "q8gemm/turned_rows.h"

namespace qnnp {
namespace {

// The output pixels of `args` as rows of a matrix, an output row at a time if there are gaps between
// them, in the output or, a_gap bytes, in the matrix.
QNNP_INLINE void multiply_rows(GemmArgs part, const ConvArgs& args, size_t a_gap,
                               const GemmKernel& gemm, bool flip) {
  const size_t width = static_cast<size_t>(args.geometry->output_width);
  const size_t c_gap = args.geometry->row_gap;
  const bool gaps = c_gap != 0 || a_gap != 0;  // one may be what the other is short of
  part.rows = gaps ? min(args.pixels, width - args.first_pixel % width) : args.pixels;
  for (size_t left = args.pixels;;) {
    gemm.run(part, flip);
    left -= part.rows;
    if (left == 0) return;
    part.panel.c += part.rows * part.panel.c_stride + c_gap;
    part.a += part.rows * part.a_stride + a_gap;
    part.rows = min(left, width);
  }
}

// A deconvolution's: no strides. False: some lie outside the image, nothing is done.
QNNP_INLINE bool multiply_neighbours(const ConvImage& from, const ConvArgs& args, bool flip,
                                     const GemmKernel& gemm) {
  const ConvGeometry& g = from.g;
  const ptrdiff_t first = static_cast<ptrdiff_t>(args.first_pixel);
  const ptrdiff_t last = first + static_cast<ptrdiff_t>(args.pixels) - 1;
  const ptrdiff_t y = first / g.output_width - g.padding_top;
  if (g.subsampling_height * g.subsampling_width != 1 || y < 0 || g.padding_left > 0 ||
      last / g.output_width - g.padding_top >= g.input_height ||
      g.output_width - g.padding_left > g.input_width) {
    return false;
  }
  const uint8_t* const a = from.address(y, first % g.output_width - g.padding_left);
  const ptrdiff_t a_gap = (g.input_width - g.output_width) * g.pixel_stride;
  multiply_rows({args.panel, 0, a, static_cast<size_t>(g.pixel_stride), g.channels}, args,
                static_cast<size_t>(a_gap), gemm, flip);
  return true;
}

// False: nothing is done.
template <class I, bool kFlip>
__attribute__((noinline)) bool multiply_single_taps(const ConvArgs& args, size_t mr,
                                                    const GemmKernel& gemm) {
  const ConvImage from(args);
  const ConvGeometry& g = from.g;
  if (g.kernel_height * g.kernel_width != 1) return false;
  if (multiply_neighbours(from, args, kFlip, gemm)) return true;
  const size_t pitch = round_up(g.channels, kTurnedVector);
  const size_t most = kTurnedBytes / pitch / mr * mr;
  if (args.panel.columns < kLeastTurnedColumns || most < min(args.pixels, kLeastTurnedRows)) {
    return false;
  }
  alignas(kTurnedVector) uint8_t pixels[kTurnedBytes + kTurnedVector];
  const ptrdiff_t first = static_cast<ptrdiff_t>(args.first_pixel);
  ptrdiff_t y = first / g.output_width, x = first % g.output_width;
  GemmArgs band = {args.panel, 0, pixels, pitch, g.channels};
  for (size_t left = args.pixels; left != 0; left -= band.rows) {
    band.rows = min(left, round_up(ceil_div(left, ceil_div(left, most)), mr));
    if (g.row_gap != 0) band.rows = min(band.rows, static_cast<size_t>(g.output_width - x));
    for (size_t i = 0; i < band.rows; i++) {
      const uint8_t* const pixel = from.address(y * g.subsampling_height - g.padding_top,
                                                x * g.subsampling_width - g.padding_left);
      I::template copy<kFlip>(pixels + i * pitch, pixel, g.channels);
      if (++x == g.output_width) {
        x = 0;
        y++;
      }
    }
    gemm.run(band);
    band.panel.c += band.rows * band.panel.c_stride + (x == 0 ? g.row_gap : 0);
  }
  return true;
}

}  // namespace
}  // namespace qnnp
