// SPDX-License-Identifier: BSD-3-Clause
// Both average poolings in terms of one thing, how an instruction set takes means (vector_mean.h,
// scalar_block.h):
//   row(row, mean)                   a row of windows
//   one(window, channels, mean, c)   one window
#pragma once

#include "q8avgpool/q8avgpool.h"

namespace qnnp {
namespace {

// What a sum starts from. At most pixels * max(zero_point, 255 - zero_point) in magnitude,
// like every partial sum.
QNNP_INLINE int32_t sum_bias(size_t pixels, int32_t zero_point) {
  return static_cast<int32_t>(-int64_t{zero_point} * static_cast<int64_t>(pixels));
}

template <class Means>
void average_pool(const AvgPoolArgs& args) {
  Means::row(args.row, *args.mean);
}

}  // namespace

#define QNNP_DEFINE_Q8AVGPOOL(Means, isa) \
  const AvgPoolKernel q8avgpool__##isa = {#isa, Isa::isa, average_pool<Means>};

}  // namespace qnnp
