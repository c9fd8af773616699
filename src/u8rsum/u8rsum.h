// SPDX-License-Identifier: BSD-3-Clause
// The sum of n < 2^24 bytes, each XORed with `flip` (0x80: signed ones, 128 higher).
// Above: operators/reduce.cc. Below: tile.h.
#pragma once

#include "isa/cpu.h"

namespace qnnp {

struct SumKernel {
  const char* name;
  Isa isa;
  uint32_t (*run)(const uint8_t* x, size_t n, uint8_t flip);
};

#define QNNP_U8RSUM(isa) extern const SumKernel u8rsum__##isa;
#include "u8rsum/kernels.inc"
#undef QNNP_U8RSUM

Span<const SumKernel* const> u8rsum_kernels();

}  // namespace qnnp
