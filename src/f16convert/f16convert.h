// SPDX-License-Identifier: BSD-3-Clause
// IEEE binary16 <-> binary32. widen is exact, narrow rounds to nearest even; NaNs stay NaNs, which
// ones is not defined. Above: operators/boundary.cc. Below: tile.h; scalar: the FP16 package.
#pragma once

#include "isa/cpu.h"

namespace qnnp {

struct F16Kernel {
  const char* name;
  Isa isa;
  void (*widen)(const uint16_t* x, float* y, size_t n);
  void (*narrow)(const float* x, uint16_t* y, size_t n);
};

#define QNNP_F16CONVERT(isa) extern const F16Kernel f16convert__##isa;
#include "f16convert/kernels.inc"
#undef QNNP_F16CONVERT

Span<const F16Kernel* const> f16convert_kernels();

}  // namespace qnnp
