// SPDX-License-Identifier: BSD-3-Clause
// The epilogue of outputs that are not bytes, for all tiles.
#pragma once

#include "requantization/output.h"

namespace qnnp {
namespace {

// Rows of accumulators that stay 32 bits wide. Not inlined: every tile would hold a copy.
__attribute__((noinline)) void store_wide(const int32_t* sums, size_t nr, size_t rows,
                                          const float* scale, OutputKind kind, uint8_t* c,
                                          size_t c_stride, size_t columns) {
  for (size_t i = 0; i < rows; i++, sums += nr, c += c_stride) {
    if (kind == OutputKind::int32) {
      memcpy(c, sums, columns * sizeof(int32_t));
      continue;
    }
    for (size_t j = 0; j < columns; j++) {
      const float product = static_cast<float>(sums[j]) * scale[j];
      memcpy(c + j * sizeof(float), &product, sizeof(float));
    }
  }
}

}  // namespace
}  // namespace qnnp
