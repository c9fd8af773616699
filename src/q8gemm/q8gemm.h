// SPDX-License-Identifier: BSD-3-Clause
// The GEMM family: c[m][n] = requantize(bias[n] + sum over k of (a[m][k] - a_zero) * (w[n][k] -
// w_zero)). The activation zero point is folded into the packed bias (pack.h). Above: operators.
// Below: tile.h and the isa/ headers.
#pragma once

#include "isa/dot.h"

namespace qnnp {

// Rows that share one call: bounds the row sums that a kernel keeps on its stack.
constexpr size_t kMaxRows = 128;

// What every tile kernel gets, whatever its rows are.
struct Panel {
  const uint8_t* weights;  // packed blocks of nr columns
  size_t block_bytes;
  size_t columns;          // n
  uint8_t* c;              // output of the first row
  size_t c_stride;         // bytes
  int32_t row_sum_factor;  // 0: no sums needed
  OutputParams output;
};

struct GemmArgs {
  Panel panel;
  size_t rows;  // m <= kMaxRows
  const uint8_t* a;
  size_t a_stride;
  size_t k;
};

struct GemmKernel {
  const char* name;  // "6x16__avx2"
  Isa isa;
  TileFormat format;
  void (*entry[2])(const GemmArgs& args);  // rows are uint8, int8
  Core core = Core::any;                   // what it is ordered for

  void run(const GemmArgs& args, bool flip = false) const { entry[flip](args); }
};

#define QNNP_Q8GEMM(isa, tile) extern const GemmKernel q8gemm_##tile##__##isa;
#include "q8gemm/kernels.inc"
#undef QNNP_Q8GEMM

Span<const GemmKernel* const> q8gemm_kernels();

}  // namespace qnnp
