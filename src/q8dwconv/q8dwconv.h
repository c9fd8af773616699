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
// slot order), then weights: for every output row that is made at once, every kernel column and
// every group of input rows `block` slots of `group` codes.
struct DwconvFormat {
  uint8_t block, group;
  WeightCode code;
  // 128-bit lanes of a vector of `lanes` * 4 slots: unpacking within lanes leads to the order of
  // channel_of_slot. 1: slots are channels.
  uint8_t lanes;
  // Output rows from the same groups of input rows: weights of the second one are those of the
  // first, `down` rows (the vertical stride that they are made for) further down.
  uint8_t rows, down;
  // Vectors of a block, each with a uint32 behind the weights: bit i for a kernel column i whose
  // codes are w - 128 and want the correction, and bit i + 16 where they want it twice. Where all
  // w - w_zero of a column fit int8, the codes are these. 0: no words, all codes are w - 128.
  uint8_t masks;
  // Bytes are made without limiting products first: they must stay below 2^31 (bound_product()).
  bool bounded;
  // How many segments of an output row share vectors at most, where fewer channels are left than a
  // block has (DwconvBlocks). A power of two.
  uint8_t segments;
};

// A block: `channels` channels from `first` on, the same ones for every segment of an output row.
struct DwconvSpan {
  size_t first, channels;
  int segments;
};

// How channels are cut into blocks of `size`. What remains goes in as many segments as make its
// blocks least wide. Blocks may overlap the one before, so that they are full.
struct DwconvBlocks {
  size_t channels, size, segments;

  constexpr QNNP_INLINE size_t whole() const { return channels / size; }
  // Of those that are not whole.
  constexpr QNNP_INLINE size_t width() const {
    size_t width = size;
    while (width > size / segments && (width > channels || width / 2 >= channels % size)) {
      width /= 2;
    }
    return width;
  }
  constexpr QNNP_INLINE size_t count() const {
    return whole() + ceil_div(channels % size, width());
  }
  constexpr QNNP_INLINE DwconvSpan operator[](size_t block) const {
    if (block < whole()) return {block * size, size, 1};
    const size_t w = width(), n = min(w, channels);
    return {min(whole() * size + (block - whole()) * w, channels - n), n,
            static_cast<int>(size / w)};
  }
};

// The channel of a slot, within its block.
constexpr QNNP_INLINE size_t channel_of_slot(size_t lanes, size_t slot) {
  return slot % (4 * lanes) / 4 * 16 + slot / (4 * lanes) * 4 + slot % 4;
}

struct DwconvGeometry {
  ptrdiff_t input_height, input_width, output_width;
  ptrdiff_t kernel_height, kernel_width, subsampling_height, subsampling_width;
  ptrdiff_t dilation_height, dilation_width, padding_top, padding_left;
  ptrdiff_t pixel_stride;
  ptrdiff_t output_stride;  // bytes
  size_t channels;
  const uint8_t* zeros;  // `channels` bytes of the input zero point, as they stand in the image

  ptrdiff_t output_row() const { return output_width * output_stride; }
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

#define QNNP_Q8DWCONV(isa, name, kh, kw, sw) extern const DwconvKernel q8dwconv_##name##__##isa;
#include "q8dwconv/kernels.inc"
#undef QNNP_Q8DWCONV

Span<const DwconvKernel* const> q8dwconv_kernels();

}  // namespace qnnp
