// SPDX-License-Identifier: BSD-3-Clause
// Convolution through the tile of q8gemm/tile.h: only the rows differ.
#pragma once

#include "q8conv/rows.h"
#include "q8gemm/tile.h"

namespace qnnp {
namespace {

template <class I, int MR, int NR>
void conv(const ConvArgs& args) {
  ConvRows rows(args, MR);
  run_panel<I, MR, NR / I::kCols>(rows, args.pixels, args.panel);
}

}  // namespace

// One row of the table, beside its kernel.
#define QNNP_DEFINE_Q8CONV(Traits, isa, mr, nr)    \
  const ConvKernel q8conv_##mr##x##nr##__##isa = { \
      #mr "x" #nr "__" #isa,                       \
      Traits<false>::kIsa,                         \
      tile_format<Traits<false>>(mr, nr),          \
      {conv<Traits<false>, mr, nr>, conv<Traits<true>, mr, nr>}};

}  // namespace qnnp
