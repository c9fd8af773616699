// SPDX-License-Identifier: BSD-3-Clause
// Both average poolings in terms of one thing, the mean over a window: a Block (window.h) with Mean
// as its parameters (vector_block.h, scalar_block.h).
#pragma once

#include "q8avgpool/q8avgpool.h"

namespace qnnp {
namespace {

// What a sum starts from. At most rows * cols * max(zero_point, 255 - zero_point) in magnitude,
// like every partial sum.
QNNP_INLINE int32_t sum_bias(const Window& window, int32_t zero_point) {
  return static_cast<int32_t>(-int64_t{zero_point} *
                              static_cast<int64_t>(window.rows * window.cols));
}

template <class Block>
void average_pool(const AvgPoolArgs& args) {
  pool_row<UniformPooler<Block>>(args.row, *args.mean);
}

}  // namespace

#define QNNP_DEFINE_Q8AVGPOOL(Block, isa) \
  const AvgPoolKernel q8avgpool__##isa = {#isa, Isa::isa, average_pool<Block>};

}  // namespace qnnp
