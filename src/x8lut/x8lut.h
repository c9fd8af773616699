// SPDX-License-Identifier: BSD-3-Clause
// c = table[a] of bytes. c may be a. Above: operators/activation.cc. Below: tile.h.
#pragma once

#include "isa/cpu.h"

namespace qnnp {

// `rows` rows of n bytes.
struct LutArgs {
  size_t rows, n;
  const uint8_t* a;
  size_t a_stride;
  uint8_t* c;
  size_t c_stride;
  const uint8_t* table;  // 256 bytes
};

struct LutKernel {
  const char* name;
  Isa isa;
  void (*run)(const LutArgs& args);
};

#define QNNP_X8LUT(isa) extern const LutKernel x8lut__##isa;
#include "x8lut/kernels.inc"
#undef QNNP_X8LUT

Span<const LutKernel* const> x8lut_kernels();

}  // namespace qnnp
