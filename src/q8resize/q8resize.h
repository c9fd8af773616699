// SPDX-License-Identifier: BSD-3-Clause
// A row of pixels, each a bilinear mean of four (doc/quantization.md, "Resize"). With x and y the
// fractions of a pixel's column and row:
//   w00 = float((1 - y) * (1 - x))   w01 = float((1 - y) * x)   w10, w11 likewise with y
//   c   = trunc((((p00 * w00 + p01 * w01) + p10 * w10) + p11 * w11) + 0.5)     fp32, no fused step
// Where x and y are multiples of 2^-7, all of that is exact, and integers give the same.
// Above: operators/resize.cc. Below: tile.h.
#pragma once

#include "isa/cpu.h"

namespace qnnp {

// Where an output column (or row) lies between two of the input: at low + fraction.
struct ResizeTap {
  size_t low, high;  // offsets of the two in bytes
  double fraction;   // 0 <= fraction < 1
};

struct ResizeArgs {
  size_t pixels, n;  // n channels
  const uint8_t* top;
  const uint8_t* bottom;     // the two input rows
  const ResizeTap* columns;  // one for each pixel
  double fraction;           // of the row
  bool coarse;               // all fractions are multiples of 2^-7
  uint8_t flip;              // XORed to bytes when they are read and written
  uint8_t* c;
  size_t c_stride;
};

struct ResizeKernel {
  const char* name;
  Isa isa;
  void (*run)(const ResizeArgs& args);
};

#define QNNP_Q8RESIZE(isa) extern const ResizeKernel q8resize__##isa;
#include "q8resize/kernels.inc"
#undef QNNP_Q8RESIZE

Span<const ResizeKernel* const> q8resize_kernels();

}  // namespace qnnp
