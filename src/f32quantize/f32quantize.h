// SPDX-License-Identifier: BSD-3-Clause
// Floats -> bytes (doc/quantization.md, "Quantize and dequantize"):
//   c = (round_half_even(clamp(x / scale, low, high)) + zero_point) ^ flip, where NaN counts as 0
// Above: operators/boundary.cc. Below: tile.h.
#pragma once

#include "isa/cpu.h"
#include "requantization/output.h"

namespace qnnp {

struct QuantizeParams {
  float scale;
  OutputParams output;
};

// `rows` rows of n elements.
struct QuantizeArgs {
  size_t rows, n;
  const float* x;
  size_t x_stride;
  uint8_t* c;
  size_t c_stride;
  const QuantizeParams* params;
};

struct QuantizeKernel {
  const char* name;
  Isa isa;
  void (*run)(const QuantizeArgs& args);
};

#define QNNP_F32QUANTIZE(isa) extern const QuantizeKernel f32quantize__##isa;
#include "f32quantize/kernels.inc"
#undef QNNP_F32QUANTIZE

Span<const QuantizeKernel* const> f32quantize_kernels();

}  // namespace qnnp
