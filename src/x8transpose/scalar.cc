// SPDX-License-Identifier: BSD-3-Clause
#include "x8transpose/x8transpose.h"

namespace qnnp {
namespace {

// In squares, so that both matrices are walked through a few cache lines at a time.
void transpose(const TransposeArgs& args) {
  constexpr size_t kSide = 16;
  const TransposeArgs t = args;  // a store of bytes could change what args refers to
  for (size_t row = 0; row < t.rows; row += kSide) {
    const size_t last_row = min(row + kSide, t.rows);
    for (size_t column = 0; column < t.columns; column += kSide) {
      const size_t last_column = min(column + kSide, t.columns);
      for (size_t j = column; j < last_column; j++) {
        for (size_t i = row; i < last_row; i++) t.c[j * t.c_stride + i] = t.a[i * t.a_stride + j];
      }
    }
  }
}

}  // namespace

const TransposeKernel x8transpose__scalar = {"scalar", Isa::scalar, transpose};

}  // namespace qnnp
