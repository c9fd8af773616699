// SPDX-License-Identifier: BSD-3-Clause
// Sum or difference of two tensors (doc/quantization.md, "Add, subtract"), exact in integers:
//   c = clamp(floor((a * a_multiplier + b * b_multiplier + offset) / 2^21), min, max)
// Zero points and the 2^20 that rounds are in the offset. Multipliers are below 2^29 in magnitude,
// b's is negative in a difference. Signed bytes are unsigned ones after an XOR, the flips. c may be
// a or b.
// Above: operators/binary.cc. Below: tile.h and what it includes.
#pragma once

#include "isa/cpu.h"

namespace qnnp {

struct AddParams {
  static constexpr uint32_t kShift = 21;
  int32_t a_multiplier, b_multiplier;
  int64_t offset;
  uint8_t min, max;
  uint8_t a_flip, b_flip, c_flip;

  // Of ratios of scales. Then the sum fits 32 bits.
  bool at_most_one() const {
    constexpr int32_t kOne = int32_t{1} << kShift;
    return a_multiplier <= kOne && b_multiplier <= kOne && b_multiplier >= -kOne;
  }
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
