// SPDX-License-Identifier: BSD-3-Clause
// Max pooling: per channel
//   c = clamp(largest of the window's pixels inside the image, min, max)
// Padding is no candidate. A window without a pixel gives the lowest value, clamped: min. Signed
// bytes are flipped (XOR 0x80) on the way in and out; limits are those of the flipped bytes.
// Above: operators/pooling2d.cc. Below: q8avgpool/window.h, isa/.
#pragma once

#include "isa/cpu.h"
#include "q8avgpool/window.h"

namespace qnnp {

struct MaxPoolParams {
  uint8_t flip;  // 0 or 0x80
  uint8_t min, max;
};

struct MaxPoolArgs {
  WindowRow row;
  MaxPoolParams params;
};

struct MaxPoolKernel {
  const char* name;
  Isa isa;
  void (*run)(const MaxPoolArgs& args);
};

#define QNNP_U8MAXPOOL(isa) extern const MaxPoolKernel u8maxpool__##isa;
#include "u8maxpool/kernels.inc"
#undef QNNP_U8MAXPOOL

Span<const MaxPoolKernel* const> u8maxpool_kernels();

}  // namespace qnnp
