// SPDX-License-Identifier: BSD-3-Clause
// Transposition of a byte matrix: c[j][i] = a[i][j] for i < rows, j < columns.
// Above: operators/transpose.cc, x8zip. Below: tile.h.
#pragma once

#include "isa/cpu.h"

namespace qnnp {

// Strides are distances of rows of a, and of c: a_stride >= columns, c_stride >= rows. What lies
// between two rows of a may be read; what lies between two rows of c is not written.
struct TransposeArgs {
  size_t rows, columns;
  const uint8_t* a;
  size_t a_stride;
  uint8_t* c;
  size_t c_stride;
};

struct TransposeKernel {
  const char* name;
  Isa isa;
  void (*run)(const TransposeArgs& args);
};

#define QNNP_X8TRANSPOSE(isa) extern const TransposeKernel x8transpose__##isa;
#include "x8transpose/kernels.inc"
#undef QNNP_X8TRANSPOSE

Span<const TransposeKernel* const> x8transpose_kernels();

}  // namespace qnnp
