// SPDX-License-Identifier: BSD-3-Clause
// The one body: all pixels are one window.
#pragma once

#include "q8avgpool/tile.h"
#include "q8gavgpool/q8gavgpool.h"

namespace qnnp {
namespace {

template <class Block>
void global_average_pool(const GlobalAvgPoolArgs& args) {
  const Window window = {args.input, 1, args.width, 0, args.input_stride};
  pool_window<Block>(window, args.channels, *args.mean, args.output);
}

}  // namespace

#define QNNP_DEFINE_Q8GAVGPOOL(Block, isa) \
  const GlobalAvgPoolKernel q8gavgpool__##isa = {#isa, Isa::isa, global_average_pool<Block>};

}  // namespace qnnp
