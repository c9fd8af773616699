// SPDX-License-Identifier: BSD-3-Clause
// Average pooling: per channel
//   acc = sum of (a - zero_point) over the window's pixels inside the image
//   c   = requantize(acc, scale)
// Padding adds the real value 0, that is nothing: a window is clipped to the image, and border
// pixels take the same path as interior ones. No table of addresses. The caller guarantees
// pixels * max(zero_point, 255 - zero_point) <= INT32_MAX.
// Above: operators/pooling2d.cc. Below: window.h, isa/.
#pragma once

#include "isa/cpu.h"
#include "q8avgpool/window.h"
#include "requantization/output.h"

namespace qnnp {

// How a sum becomes an output.
struct Mean {
  uint8_t flip;        // XORed to the bytes of input and output: 0, or 0x80 for signed ones
  int32_t zero_point;  // of the flipped input
  float scale;         // input_scale / (output_scale * area), below 2^8
  OutputParams output;
};

struct AvgPoolArgs {
  WindowRow row;
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
