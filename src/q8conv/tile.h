// SPDX-License-Identifier: BSD-3-Clause
// Convolution through the tile of q8gemm/tile.h: only the rows differ. Patches of whole kernels are
// the rows of a GEMM.
#pragma once

#include "q8conv/rows.h"
#include "q8conv/single_taps.h"
#include "q8conv/turned_window.h"
#include "q8gemm/tile.h"

namespace qnnp {
namespace {

__attribute__((noinline)) void multiply_patches(const ConvArgs& args, uint8_t flip,
                                                const GemmKernel& gemm) {
  const PatchMatrix patches(args, flip);
  multiply_rows({args.panel, 0, patches.bytes, patches.pitch, patches.length}, args, 0, gemm,
                false);
}

// kGemm: the one of the same tile.
template <template <bool> class Traits, bool kFlip, int MR, int NR, const GemmKernel& kGemm>
void conv(const ConvArgs& args) {
  using I = Traits<kFlip>;
  const ConvGeometry& g = *args.geometry;
  // A deconvolution's pixels may have no taps at all.
  if (g.patch_rows == g.kernel_height && g.kernel_height != 0) {
    multiply_patches(args, kFlip ? 0x80 : 0, kGemm);
    return;
  }
  if constexpr (I::kTurnsRows) {
    if (multiply_single_taps<I, kFlip>(args, MR, kGemm)) return;
  }
  if constexpr (kFlip && I::kTurnsRows) {
    if (convolve_turned<I>(args, conv<Traits, false, MR, NR, kGemm>)) return;
  }
  ConvRows rows(args, MR, I::kStep);
  run_panel<I, MR, NR / I::kCols>(rows, args.pixels, args.panel);
}

}  // namespace

// One row of the table, beside its kernel.
#define QNNP_DEFINE_Q8CONV(Traits, isa, mr, nr)                  \
  const ConvKernel q8conv_##mr##x##nr##__##isa = {               \
      #mr "x" #nr "__" #isa,                                     \
      Traits<false>::kIsa,                                       \
      tile_format<Traits<false>>(mr, nr),                        \
      {conv<Traits, false, mr, nr, q8gemm_##mr##x##nr##__##isa>, \
       conv<Traits, true, mr, nr, q8gemm_##mr##x##nr##__##isa>}, \
      Core::any,                                                 \
      true};

}  // namespace qnnp
