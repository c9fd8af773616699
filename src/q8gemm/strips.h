// SPDX-License-Identifier: BSD-3-Clause
// Kernels over packed rows and packed weights: what band_tile.h calls, in assembly or intrinsics.
// A strip is tiles of the same rows below each other, in one block of nr columns. Kernels know
// neither ends of rows nor of columns: rows are padded, and they store whole tiles.
#pragma once

#include "requantization/output.h"

namespace qnnp {

// AArch64's assembly reads it at these offsets; int32 and float count 4 bytes, pointers and sizes 8.
// They count 4 on AArch32, so that all is at half the offset but low, high, flip: 42, 44, 46.
struct Strip {
  const uint8_t* a;            //  0  rows, packed as I::Packer has them
  size_t steps;                //  8  of a row
  const uint8_t* weights;      // 16  the block's, of these steps
  const uint8_t* block;        // 24  int32 bias[nr], float scale[nr]
  const int32_t* start;        // 32  sums so far, as `sums` left them; nullptr: the bias
  const int32_t* corrections;  // 40  one for every row, added to all its sums
  int32_t* sums;               // 48  where sums go that stay 32 bits wide, nr a row; or nullptr
  uint8_t* c;                  // 56
  size_t c_stride;             // 64
  size_t tiles;                // 72
  uint16_t zero_point;         // 80
  uint16_t low, high, flip;    // 82, 84, 86  bytes, each twice
};

using StripKernel = void (*)(const Strip*);

// By rows of a tile: mr and less. rows4_half, where it is not nullptr, does the same as rows4 for the
// first half of the columns.
struct StripKernels {
  StripKernel rows1, rows2, rows4, rows8, rows4_half;
};

// Of every row of the tables, beside the kernels (q8gemm/<isa>.cc).
#if QNNP_HAVE_NEON
extern const StripKernels neon_strips, neon_inorder_strips, neon_intrinsics_strips;
#endif
#if QNNP_HAVE_NEONDOT
extern const StripKernels neondot_strips, neondot_intrinsics_strips;
#endif
#if QNNP_HAVE_NEONI8MM
extern const StripKernels neoni8mm_strips, neoni8mm_intrinsics_strips;
#endif

}  // namespace qnnp
