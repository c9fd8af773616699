// SPDX-License-Identifier: BSD-3-Clause
// The convolution family: a GEMM whose rows are output pixels, gathered on the way from the image
// (indirect convolution: no im2col, and no stored pointers either; rows.h generates addresses).
// Padding taps read the input zero point.
#pragma once

#include "q8gemm/q8gemm.h"

namespace qnnp {

// A run of several taps (few channels) is copied to the stack and has at most this many bytes: 7x7
// taps of 3 channels fit.
constexpr size_t kMaxPatch = 160;

// Few channels (the first layer has 3): as many kernel rows at a time as fit into a patch, or most
// of each step of the dot product would be padding. 0: a run is a tap.
inline size_t choose_patch_rows(size_t kernel_height, size_t kernel_width, size_t channels) {
  constexpr size_t kManyChannels = 16;
  if (channels >= kManyChannels) return 0;
  size_t rows = min(kernel_height, kMaxPatch / max<size_t>(channels * kernel_width, 1));
  while (rows != 0 && kernel_height % rows != 0) rows--;
  return rows;
}

// One image and one group of a bound convolution.
struct ConvGeometry {
  ptrdiff_t input_height, input_width, output_width;
  ptrdiff_t kernel_height, kernel_width, subsampling_height, subsampling_width;
  ptrdiff_t dilation_height, dilation_width, padding_top, padding_left;
  ptrdiff_t pixel_stride;  // elements from pixel to pixel
  size_t channels;         // of the group
  ptrdiff_t patch_rows;    // kernel rows per run (a divisor of kernel_height), or 0: a run is a tap
  bool dense;              // a kernel row is contiguous in the image
  const uint8_t* zeros;    // `channels` bytes of the input zero point, as they stand in the image
  // Taps of padding may be left out: `zeros` are what the packed weights' run sums are made with.
  bool skips = true;
  // Bytes between output rows, beside what the panel's stride makes, negative if wrapped:
  // ConvKernel::parts_rows.
  size_t row_gap = 0;
};

struct ConvArgs {
  Panel panel;
  const ConvGeometry* geometry;
  const uint8_t* image;  // first channel of the group in the image's first pixel
  size_t first_pixel;    // of the output image, in raster order; panel.c is its output
  size_t pixels;         // <= kMaxRows
};

struct ConvKernel {
  const char* name;
  Isa isa;
  TileFormat format;
  void (*entry[2])(const ConvArgs& args);  // the image is uint8, int8
  Core core = Core::any;                   // what it is ordered for
  bool parts_rows = false;                 // output rows may lie apart

  void run(const ConvArgs& args, bool flip = false) const { entry[flip](args); }
};

#define QNNP_Q8CONV(isa, tile) extern const ConvKernel q8conv_##tile##__##isa;
#include "q8conv/kernels.inc"
#undef QNNP_Q8CONV

Span<const ConvKernel* const> q8conv_kernels();

}  // namespace qnnp
