// SPDX-License-Identifier: BSD-3-Clause
// Group normalization in two passes (doc/quantization.md, "Group normalization"): sums of every
// channel, and a line y = factor * x + offset for every channel. Signed bytes are unsigned ones
// after an XOR, the flips.
// Above: operators/group_normalization.cc. Below: sums.h, lines.h.
#pragma once

#include "isa/cpu.h"

namespace qnnp {

// Per channel the sum of x and of x^2 over `rows` pixels. rows < 2^32.
struct NormSumArgs {
  size_t rows, n;
  const uint8_t* x;
  size_t x_stride;
  uint8_t x_flip;
  uint64_t *sum, *square_sum;  // n of each, written
};

// y = clamp(round_half_even(x * factor[c] + offset[c]), low, high), product and sum rounded to
// double. y may be x.
struct NormLineArgs {
  size_t rows, n;
  const uint8_t* x;
  size_t x_stride;
  uint8_t* y;
  size_t y_stride;
  const double *factor, *offset;  // n rounded up to kNormChannels of each may be read
  uint8_t low, high;
  uint8_t x_flip, y_flip;
};
constexpr size_t kNormChannels = 8;

struct NormKernel {
  const char* name;
  Isa isa;
  void (*sums)(const NormSumArgs& args);
  void (*run)(const NormLineArgs& args);
};

#define QNNP_Q8GNORM(isa) extern const NormKernel q8gnorm__##isa;
#include "q8gnorm/kernels.inc"
#undef QNNP_Q8GNORM

Span<const NormKernel* const> q8gnorm_kernels();

}  // namespace qnnp
