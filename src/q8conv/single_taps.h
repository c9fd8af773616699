// SPDX-License-Identifier: BSD-3-Clause
// Kernels of one tap at a stride: the pixels that outputs see lie apart, and processors do not
// foresee where. They are copied side by side, as unsigned bytes, and the GEMM of the same tile
// multiplies them.
#pragma once

#include "q8conv/patches.h"
#include "q8gemm/turned_rows.h"

namespace qnnp {
namespace {

// False: nothing is done.
template <class I, bool kFlip>
__attribute__((noinline)) bool multiply_single_taps(const ConvArgs& args, size_t mr,
                                                    const GemmKernel& gemm) {
  const ConvImage from(args);
  const ConvGeometry& g = from.g;
  const size_t pitch = round_up(g.channels, kTurnedVector);
  const size_t most = kTurnedBytes / pitch / mr * mr;
  if (g.kernel_height * g.kernel_width != 1 || args.panel.columns < kLeastTurnedColumns ||
      most < min(args.pixels, kLeastTurnedRows)) {
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
