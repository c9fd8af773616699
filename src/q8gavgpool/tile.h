// SPDX-License-Identifier: BSD-3-Clause
// The one body: all pixels are one window.
#pragma once

#include "q8avgpool/tile.h"
#include "q8gavgpool/q8gavgpool.h"

namespace qnnp {
namespace {

template <class Means>
void global_average_pool(const GlobalAvgPoolArgs& args) {
  const Window window = {args.input, 1, args.width, 0, args.input_stride};
  Means::one(window, args.channels, *args.mean, args.output);
}

}  // namespace

#define QNNP_DEFINE_Q8GAVGPOOL(Means, isa) \
  const GlobalAvgPoolKernel q8gavgpool__##isa = {#isa, Isa::isa, global_average_pool<Means>};

}  // namespace qnnp
