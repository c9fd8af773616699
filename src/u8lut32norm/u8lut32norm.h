// SPDX-License-Identifier: BSD-3-Clause
// Softargmax of one row through a table of 256 entries (doc/quantization.md, "Softargmax"), exact
// in integers: with t_i = table[largest - x_i] and S = sum of t_i,
//   y_i = min(255, floor((256 * t_i + floor(S / 2)) / S))
// x and y are XORed with their flips where they are signed. A distance from the largest is the same
// for both, modulo 256.
// The table does not increase, and table[0] > 0: S is not 0. n < 2^32: S stays below 2^64, and so
// does the numerator, for 256 * t_i + S / 2 < 2^40 + 2^63. y may be x.
// Above: operators/softargmax.cc. Below: tile.h.
#pragma once

#include "isa/cpu.h"

namespace qnnp {

struct LutNormArgs {
  size_t n;
  const uint8_t* x;
  uint8_t x_flip;
  uint8_t largest;  // x ^ x_flip
  const uint32_t* table;
  uint8_t* y;
  uint8_t y_flip;

  // What distances are taken from, in bytes as they are.
  QNNP_INLINE uint8_t nearest() const { return largest ^ x_flip; }
};

struct LutNormKernel {
  const char* name;
  Isa isa;
  void (*run)(const LutNormArgs& args);
};

#define QNNP_U8LUT32NORM(isa) extern const LutNormKernel u8lut32norm__##isa;
#include "u8lut32norm/kernels.inc"
#undef QNNP_U8LUT32NORM

Span<const LutNormKernel* const> u8lut32norm_kernels();

}  // namespace qnnp
