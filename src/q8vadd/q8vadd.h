// SPDX-License-Identifier: BSD-3-Clause
// Sum or difference of two tensors (doc/quantization.md, "Add, subtract"), exact in integers:
//   x = (a - a_zero) * a_multiplier + (b - b_zero) * b_multiplier
//   c = clamp(floor((x + 2^(shift - 1)) / 2^shift) + zero_point, min, max)
// The constants are folded: x + 2^(shift - 1) = a * a_multiplier + b * b_multiplier + offset.
// Multipliers are below 2^30 in magnitude, b's is negative in a difference; shift is 22 to 43.
// Signed bytes are unsigned ones after an XOR, the flips. c may be a or b.
// Above: operators/binary.cc. Below: tile.h.
#pragma once

#include "isa/cpu.h"

namespace qnnp {

struct AddParams {
  int32_t a_multiplier, b_multiplier;
  int64_t offset;
  uint32_t shift;
  uint8_t zero_point, min, max;
  uint8_t a_flip, b_flip, c_flip;
};

// `rows` rows of n bytes.
struct AddArgs {
  size_t rows, n;
  const uint8_t* a;
  size_t a_stride;
  const uint8_t* b;
  size_t b_stride;
  uint8_t* c;
  size_t c_stride;
  const AddParams* params;
};

struct AddKernel {
  const char* name;
  Isa isa;
  void (*run)(const AddArgs& args);
};

#define QNNP_Q8VADD(isa) extern const AddKernel q8vadd__##isa;
#include "q8vadd/kernels.inc"
#undef QNNP_Q8VADD

Span<const AddKernel* const> q8vadd_kernels();

}  // namespace qnnp
