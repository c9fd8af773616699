// SPDX-License-Identifier: BSD-3-Clause
// Average pooling: per channel
//   acc = sum of (a - zero_point) over the window's pixels inside the image
//   c   = requantize(acc, scale)
// Padding adds the real value 0, that is nothing: a window is clipped to the image, and border
// pixels take the same path as interior ones. No table of addresses. The caller guarantees
// pixels * max(zero_point, 255 - zero_point) <= INT32_MAX.
// Above: operators/average_pooling.cc. Below: window.h, isa/.
#pragma once

#include "isa/cpu.h"
#include "requantization/output.h"

namespace qnnp {

// How a sum becomes an output.
struct Mean {
  int32_t zero_point;  // of the input
  float scale;         // input_scale / (output_scale * area)
  OutputParams output;
};

// `count` neighbouring output pixels of one output row.
struct AvgPoolArgs {
  const uint8_t* input;  // pixel 0 of the first input row that the windows share with the image
  size_t rows;           // of these; 0 when the windows lie in the padding
  size_t input_width;
  size_t input_stride;  // bytes from pixel to pixel
  size_t row_stride;    // bytes from row to row
  size_t pooling_width, stride_width, padding_left;
  size_t first, count;  // output columns
  size_t channels;
  uint8_t* output;  // of column `first`
  size_t output_stride;
  const Mean* mean;
};

struct AvgPoolKernel {
  const char* name;
  Isa isa;
  void (*run)(const AvgPoolArgs& args);
};

#define QNNP_Q8AVGPOOL(isa) extern const AvgPoolKernel q8avgpool__##isa;
#include "q8avgpool/kernels.inc"
#undef QNNP_Q8AVGPOOL

Span<const AvgPoolKernel* const> q8avgpool_kernels();

}  // namespace qnnp
