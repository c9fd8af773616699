// SPDX-License-Identifier: BSD-3-Clause
// Prelu (doc/quantization.md): with d = (a ^ input_flip) - input_zero_point,
//   c = (round_half_even(clamp(float(d) * m, low, high)) + zero_point) ^ output.flip
//   m = d < 0 ? negative[channel] : positive
// c may be a. Above: operators/prelu.cc. Below: tile.h.
#pragma once

#include "isa/cpu.h"
#include "requantization/output.h"

namespace qnnp {

struct PreluParams {
  float positive;
  OutputParams output;
  uint8_t input_zero_point, input_flip;
};

// So many floats behind the n multipliers can be read; they have no influence.
constexpr size_t kPreluPadding = 63;

// `rows` rows of n bytes; negative[i] is for byte i of each.
struct PreluArgs {
  size_t rows, n;
  const uint8_t* a;
  size_t a_stride;
  uint8_t* c;
  size_t c_stride;
  const float* negative;
  const PreluParams* params;
};

struct PreluKernel {
  const char* name;
  Isa isa;
  void (*run)(const PreluArgs& args);
};

#define QNNP_Q8PRELU(isa) extern const PreluKernel q8prelu__##isa;
#include "q8prelu/kernels.inc"
#undef QNNP_Q8PRELU

Span<const PreluKernel* const> q8prelu_kernels();

}  // namespace qnnp
