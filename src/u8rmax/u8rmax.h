// SPDX-License-Identifier: BSD-3-Clause
// The largest x ^ flip of n >= 1 bytes: signed ones are unsigned ones after the XOR.
// Above: operators/softargmax.cc. Below: tile.h.
#pragma once

#include "isa/cpu.h"

namespace qnnp {

struct MaxKernel {
  const char* name;
  Isa isa;
  uint8_t (*run)(const uint8_t* x, size_t n, uint8_t flip);
};

#define QNNP_U8RMAX(isa) extern const MaxKernel u8rmax__##isa;
#include "u8rmax/kernels.inc"
#undef QNNP_U8RMAX

Span<const MaxKernel* const> u8rmax_kernels();

}  // namespace qnnp
