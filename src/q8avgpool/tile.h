// SPDX-License-Identifier: BSD-3-Clause
// Both poolings in terms of one thing, the mean over a rectangle of pixels. Block is how an
// instruction set computes it for a few channels (vector_block.h, scalar.cc):
//   kChannels                      of one call
//   run(window, mean, c)           kChannels channels
//   run_short(window, mean, c, n)  n < kChannels channels
#pragma once

#include "q8avgpool/q8avgpool.h"

namespace qnnp {
namespace {

// A rectangle of pixels inside the image.
struct Window {
  const uint8_t* p;  // its first pixel
  size_t rows, cols;
  size_t row_stride, stride;  // bytes

  // At most rows * cols * max(zero_point, 255 - zero_point) in magnitude, like every partial sum
  // that starts from it.
  QNNP_INLINE int32_t bias(int32_t zero_point) const {
    return static_cast<int32_t>(-int64_t{zero_point} * static_cast<int64_t>(rows * cols));
  }
  QNNP_INLINE Window from(size_t channel) const {
    return {p + channel, rows, cols, row_stride, stride};
  }
};

template <class Block>
QNNP_INLINE void mean_of_window(const Window& window, size_t channels, const Mean& mean,
                                uint8_t* c) {
  constexpr size_t kChannels = Block::kChannels;
  size_t done = 0;
  for (; done + kChannels <= channels; done += kChannels) {
    Block::run(window.from(done), mean, c + done);
  }
  if (done != channels) {
    Block::run_short(window.from(done), mean, c + done, channels - done);
  }
}

template <class Block>
void average_pool(const AvgPoolArgs& args) {
  const size_t image_end = args.padding_left + args.input_width;
  uint8_t* c = args.output;
  for (size_t column = args.first; column != args.first + args.count; column++) {
    // In columns of the padded image.
    const size_t window_begin = column * args.stride_width;
    const size_t begin = max(window_begin, args.padding_left);
    const size_t end = min(window_begin + args.pooling_width, image_end);
    const bool inside = begin < end && args.rows != 0;
    const Window window = {
        inside ? args.input + (begin - args.padding_left) * args.input_stride : args.input,
        inside ? args.rows : 0, inside ? end - begin : 0, args.row_stride, args.input_stride};
    mean_of_window<Block>(window, args.channels, *args.mean, c);
    c += args.output_stride;
  }
}

}  // namespace

#define QNNP_DEFINE_Q8AVGPOOL(Block, isa) \
  const AvgPoolKernel q8avgpool__##isa = {#isa, Isa::isa, average_pool<Block>};

}  // namespace qnnp
