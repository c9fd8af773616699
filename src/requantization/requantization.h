// SPDX-License-Identifier: BSD-3-Clause
// int32 accumulators -> bytes by four schemes (doc/quantization.md, "Requantization schemes"):
//   precise    acc * scale rounded once, half away from zero, in 64 bits
//   fp32       float(acc) * scale, half to even: output.h, what the operators compute
//   q31        rounding doubling high product with a 24-bit scale, then a rounding shift
//   gemmlowp   the same arithmetic with a 31-bit scale
// No operator runs these rows: they are for comparison with networks made for other schemes.
// Above: tests and benchmarks. Below: tile.h.
#pragma once

#include "isa/cpu.h"

namespace qnnp {

enum class Scheme : uint8_t { precise, fp32, q31, gemmlowp };

// What requantization_params() (params.h) makes of a scale. fp32 has `scale`; the others have
// multiplier * 2^-(bits + shift) with 0 <= shift <= 31 and 2^(bits - 1) <= multiplier < 2^bits;
// bits is 32 for precise, 31 for q31 and gemmlowp.
struct RequantizationParams {
  float scale;
  uint32_t multiplier, shift;
  uint8_t zero_point, min, max;
};

// c does not overlap acc.
struct RequantizationArgs {
  size_t n;
  const int32_t* acc;
  uint8_t* c;
  const RequantizationParams* params;
};

struct RequantizationKernel {
  const char* name;
  Isa isa;
  Scheme scheme;
  void (*run)(const RequantizationArgs& args);
};

#define QNNP_REQUANTIZATION(isa, scheme) \
  extern const RequantizationKernel requantization_##scheme##__##isa;
#include "requantization/kernels.inc"
#undef QNNP_REQUANTIZATION

// One row of the table; `run` is its function.
#define QNNP_DEFINE_REQUANTIZATION(isa, scheme, run)                                          \
  const RequantizationKernel requantization_##scheme##__##isa = {#scheme "__" #isa, Isa::isa, \
                                                                 Scheme::scheme, run};

Span<const RequantizationKernel* const> requantization_kernels();

}  // namespace qnnp
