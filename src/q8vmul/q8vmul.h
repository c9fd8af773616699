// SPDX-License-Identifier: BSD-3-Clause
// Product of two tensors (doc/quantization.md, "Multiply"):
//   c = requantize((a - a_zero_point) * (b - b_zero_point), scale)
// Signed bytes are unsigned ones after an XOR, the flips. c may be a or b.
// Above: operators/binary.cc. Below: tile.h.
#pragma once

#include "isa/cpu.h"
#include "requantization/output.h"

namespace qnnp {

struct MulParams {
  uint8_t a_zero_point, b_zero_point;
  float scale;
  OutputParams output;
  uint8_t a_flip, b_flip, c_flip;
};

// `rows` rows of n bytes.
struct MulArgs {
  size_t rows, n;
  const uint8_t* a;
  size_t a_stride;
  const uint8_t* b;
  size_t b_stride;
  uint8_t* c;
  size_t c_stride;
  const MulParams* params;
};

struct MulKernel {
  const char* name;
  Isa isa;
  void (*run)(const MulArgs& args);
};

#define QNNP_Q8VMUL(isa) extern const MulKernel q8vmul__##isa;
#include "q8vmul/kernels.inc"
#undef QNNP_Q8VMUL

Span<const MulKernel* const> q8vmul_kernels();

}  // namespace qnnp
