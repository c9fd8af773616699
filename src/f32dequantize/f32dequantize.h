// SPDX-License-Identifier: BSD-3-Clause
// Bytes -> floats (doc/quantization.md, "Quantize and dequantize"):
//   y = float((a ^ flip) - zero_point) * scale
// Above: operators/boundary.cc. Below: tile.h.
#pragma once

#include "isa/cpu.h"

namespace qnnp {

struct DequantizeParams {
  float scale;
  uint8_t zero_point, flip;
};

// `rows` rows of n elements.
struct DequantizeArgs {
  size_t rows, n;
  const uint8_t* a;
  size_t a_stride;
  float* y;
  size_t y_stride;
  const DequantizeParams* params;
};

struct DequantizeKernel {
  const char* name;
  Isa isa;
  void (*run)(const DequantizeArgs& args);
};

#define QNNP_F32DEQUANTIZE(isa) extern const DequantizeKernel f32dequantize__##isa;
#include "f32dequantize/kernels.inc"
#undef QNNP_F32DEQUANTIZE

Span<const DequantizeKernel* const> f32dequantize_kernels();

}  // namespace qnnp
