// SPDX-License-Identifier: BSD-3-Clause
// What an instruction set says about its dot products, so that one tile template (q8gemm/tile.h)
// and one packer (q8gemm/pack.cc) serve all of them. An ISA header defines a struct with
//   kIsa
//   kStep, kCols       bytes of a row consumed per step; columns per accumulator
//   kCode, kOrder      how weights are packed (below)
//   Acc                kCols sums
//   bias(p)            an Acc that starts from the packed bias at p
//   add(acc, value)    acc + value in every column (only where kCode needs row sums)
//   step<MR, NV>(acc, p, b)
//                      one step: kStep bytes at p.row(i) of each row i against packed weights b
//   Sum, no_sum(), sum<R>(s, p, n), totals(s, n, factor, to)
//                      a sum of bytes: none, n more at p.row(i) of each row i < R <= 4, the values
//                      of four of n bytes times the factor (only where kCode needs them)
//   kShortRow, sum_short(a, stride, n, factor, to)
//                      rows of so many bytes at most (0: none) are summed 16 at a time
//   Output             OutputParams in the shape that the epilogue wants; made outside all loops
//   kStoredVectors     how many Acc become bytes together: rows of few columns are stored several
//                      at a time
//   store(acc, scale, output, c, n)
//                      requantizes those rows and stores the first n columns of each
//   kBounded           whether that needs products below 2^31; for others then
//                      store_limited(sums, scale, output, c, n), of at most kCols spilled sums;
//                      below_one(scale): whether those of kCols columns are
//   kNarrows, rows_of(n)
//                      whether a block's last columns get a tile of their own width; the rows of one
//                      that is n Acc wide
//   kStepsTogether     steps in a turn of a low tile's loop
//   kTurnsRows, turn(to, from, n), copy<kTurn>(to, from, n)
//                      whether signed rows are copied as unsigned ones, and a copy of n bytes, which
//                      may write a vector's length (q8gemm/turned_rows.h); turned or not
//   spill<NV>(acc, sums)
//                      the accumulators of one row as they are, in the order of columns
// It is a template over kFlip: whether bytes of rows are signed. They are XORed with 0x80 after the
// load, so everything else is the same.
// Instruction sets whose dot product is pmaddwd have other traits, for q8gemm/pair_tile.h, which
// knows no flip but when it widens:
//   kIsa, kCols, kCode, kOrder  as above; kStep = 2
//   Acc                         kCols sums; load(p), save(p): aligned
//   pair(p), weights(p)         a pair of 16-bit numbers in every lane; those of kCols columns
//   add(acc, value), sum(p, n)  acc + value in every column; the sum of n 16-bit numbers, modulo
//                               2^32, which may read 16 more (only where kCode needs row sums)
//   dot(acc, a, w)              acc + the two products of every lane
//   kWide, Flip, flip(value)    widen(from, mask, to): kWide bytes, XORed, as 16-bit numbers;
//   widen_short(from, n, mask, to): n < kWide of them, touches no further byte, may write 16 words
//   store<MR, NV>(acc, scale, output, c, c_stride, n)
//                               requantizes MR rows and stores the first n columns of each
// Everything in an ISA header has internal linkage: its files are compiled with stronger flags than
// the rest, and a shared inline function could end up as the copy that weaker processors run (One
// Definition Rule).
#pragma once

#include "isa/cpu.h"
#include "requantization/output.h"

namespace qnnp {

enum class WeightCode : uint8_t {
  s16,  // w - zero_point, exact in 16 bits; no correction
  s8,   // w - 128; a row's correction is -(zero_point - 128) * its sum
  u8,   // w; a row's correction is -zero_point * its sum
};

// Where column and depth of a step lie in packed weights. A slot is a place for a column in an
// accumulator row.
enum class SlotOrder : uint8_t {
  natural,      // [slot][depth], slot = column
  depth_outer,  // [depth][slot], slot = column
  pairs,        // [slot][depth], slot = column; rows are copied, in 16 bits
  pairs_outer,  // [depth / 2][slot][depth % 2], slot = column
};

// What the bytes of a row are when weights meet them.
enum class RowCode : uint8_t {
  direct,       // a, read where it stands, or widened
  flipped,      // a - 128, copied
  alternating,  // copied; of every four, a - 128 twice, then 127 - a twice, to be subtracted
};

// Everything that packing must know of a kernel.
struct TileFormat {
  uint8_t mr, nr, step;
  WeightCode code;
  SlotOrder order;
  RowCode rows = RowCode::direct;
  uint8_t narrow = 0;  // columns are computed by as many at least; 0: nr

  constexpr uint8_t least_columns() const { return narrow == 0 ? nr : narrow; }
  // Copied rows: a last, partial step is padded, and no run is left out.
  constexpr bool copies_rows() const {
    return order == SlotOrder::pairs || rows != RowCode::direct;
  }
};

constexpr QNNP_INLINE size_t code_bytes(WeightCode code) { return code == WeightCode::s16 ? 2 : 1; }

// What the sum of a row's activations is multiplied by; 0: no sums needed.
constexpr QNNP_INLINE int32_t row_sum_factor(WeightCode code, uint8_t kernel_zero_point) {
  return code == WeightCode::s16  ? 0
         : code == WeightCode::s8 ? 128 - int32_t{kernel_zero_point}
                                  : -int32_t{kernel_zero_point};
}

}  // namespace qnnp
