// SPDX-License-Identifier: BSD-3-Clause
// c = min(max(a, low), high) of bytes. Signed ones are unsigned ones after an XOR, the flips; low
// and high are of the unsigned. c may be a. Above: operators/clamp.cc. Below: tile.h.
#pragma once

#include "isa/cpu.h"

namespace qnnp {

// `rows` rows of n bytes.
struct ClampArgs {
  size_t rows, n;
  const uint8_t* a;
  size_t a_stride;
  uint8_t* c;
  size_t c_stride;
  uint8_t low, high;
  uint8_t a_flip, c_flip;
};

struct ClampKernel {
  const char* name;
  Isa isa;
  void (*run)(const ClampArgs& args);
};

#define QNNP_U8CLAMP(isa) extern const ClampKernel u8clamp__##isa;
#include "u8clamp/kernels.inc"
#undef QNNP_U8CLAMP

Span<const ClampKernel* const> u8clamp_kernels();

}  // namespace qnnp
