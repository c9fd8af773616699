// SPDX-License-Identifier: BSD-3-Clause
// The depthwise family: out[y][x][c] = requantize(bias[c] + sum over taps of (a - a_zero) *
// (w[c][tap] - w_zero)), one input and one output channel per group. Above: operators. Below:
// tile.h and the isa/ headers.
//
// Channels go in blocks of `block`; taps of a kernel column go in groups of `group` rows, as the
// instruction set's dot product wants them.
#pragma once

#include "isa/dot.h"

namespace qnnp {

// How weights are packed for a kernel: per block int32 bias[block], float scale[block] (both in
// slot order), then for every kernel column and every group of its rows `block` slots of `group`
// codes.
struct DwconvFormat {
  uint8_t block, group;
  WeightCode code;
  // Slots are in the order that unpacking within 128-bit lanes leads to: channel_of_slot.
  bool lanes_of_16;
};

// The channel of a slot, within its block.
constexpr QNNP_INLINE size_t channel_of_slot(bool lanes_of_16, size_t slot) {
  return lanes_of_16 ? slot % 16 / 4 * 16 + slot / 16 * 4 + slot % 4 : slot;
}

struct DwconvGeometry {
  ptrdiff_t input_height, input_width, output_width;
  ptrdiff_t kernel_height, kernel_width, subsampling_height, subsampling_width;
  ptrdiff_t dilation_height, dilation_width, padding_top, padding_left;
  ptrdiff_t pixel_stride;
  ptrdiff_t output_stride;  // bytes
  size_t channels;
  const uint8_t* zeros;  // `channels` bytes of the input zero point, as they stand in the image
};

struct DwconvArgs {
  const DwconvGeometry* geometry;
  const uint8_t* weights;
  size_t block_bytes;
  const uint8_t* image;
  ptrdiff_t first_row, rows;  // of the output image
  uint8_t* c;                 // the output image
  int32_t correction;         // what the sum of a pixel's activations is multiplied by
  OutputParams output;
};

struct DwconvKernel {
  const char* name;
  Isa isa;
  // Sizes it is made for, without dilation; zeros: any kernel, any stride, any dilation.
  uint8_t kernel_height, kernel_width, subsampling_width;
  DwconvFormat format;
  void (*entry[2])(const DwconvArgs& args);  // the image is uint8, int8

  void run(const DwconvArgs& args, bool flip = false) const { entry[flip](args); }
};

// First channel of block number `block`: the last one may overlap the one before, so that it is
// full.
constexpr QNNP_INLINE size_t dwconv_block_start(size_t block, size_t size, size_t channels) {
  return channels < size ? 0 : min(block * size, channels - size);
}

#define QNNP_Q8DWCONV(isa, name, kh, kw, sw) extern const DwconvKernel q8dwconv_##name##__##isa;
#include "q8dwconv/kernels.inc"
#undef QNNP_Q8DWCONV

Span<const DwconvKernel* const> q8dwconv_kernels();

}  // namespace qnnp
