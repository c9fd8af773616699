// SPDX-License-Identifier: BSD-3-Clause
// Groups of channels in turn: c[i * groups + g] = a[g * pitch + i] for i < n.
// Above: operators/channel_shuffle.cc, transpose.cc. Below: tile.h.
#pragma once

#include "isa/cpu.h"

namespace qnnp {

// `rows` rows (pixels). pitch >= n is the distance of two groups; what lies between may be read.
struct ZipArgs {
  size_t rows, groups, n, pitch;
  const uint8_t* a;
  size_t a_stride;
  uint8_t* c;
  size_t c_stride;
};

struct ZipKernel {
  const char* name;
  Isa isa;
  uint8_t groups;  // that it is for; 0: any number
  void (*run)(const ZipArgs& args);
};

#define QNNP_X8ZIP(isa, groups) extern const ZipKernel x8zip_##groups##__##isa;
#include "x8zip/kernels.inc"
#undef QNNP_X8ZIP

Span<const ZipKernel* const> x8zip_kernels();

}  // namespace qnnp
