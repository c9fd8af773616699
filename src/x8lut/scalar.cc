// SPDX-License-Identifier: BSD-3-Clause
#include "x8lut/x8lut.h"

namespace qnnp {
namespace {

void lut(const LutArgs& args) {
  const uint8_t* const table = args.table;
  const size_t n = args.n;
  for (size_t row = 0; row < args.rows; row++) {
    const uint8_t* a = args.a + row * args.a_stride;
    uint8_t* c = args.c + row * args.c_stride;
    for (size_t i = 0; i < n; i++) c[i] = table[a[i]];
  }
}

}  // namespace

const LutKernel x8lut__scalar = {"scalar", Isa::scalar, lut};

}  // namespace qnnp
