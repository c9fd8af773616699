// SPDX-License-Identifier: BSD-3-Clause
// Global average pooling: per channel the mean over `width` pixels, as in q8avgpool, whose blocks
// compute it. The caller guarantees width * max(zero_point, 255 - zero_point) <= INT32_MAX.
// Above: operators/global_pooling.cc.
#pragma once

#include "q8avgpool/q8avgpool.h"

namespace qnnp {

struct GlobalAvgPoolArgs {
  const uint8_t* input;
  size_t width;
  size_t input_stride;  // bytes from pixel to pixel
  size_t channels;
  uint8_t* output;
  const Mean* mean;
};

struct GlobalAvgPoolKernel {
  const char* name;
  Isa isa;
  void (*run)(const GlobalAvgPoolArgs& args);
};

#define QNNP_Q8GAVGPOOL(isa) extern const GlobalAvgPoolKernel q8gavgpool__##isa;
#include "q8gavgpool/kernels.inc"
#undef QNNP_Q8GAVGPOOL

Span<const GlobalAvgPoolKernel* const> q8gavgpool_kernels();

}  // namespace qnnp
