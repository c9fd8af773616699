// SPDX-License-Identifier: BSD-3-Clause
#include "isa/scalar.h"

#include "q8vmul/q8vmul.h"

namespace qnnp {
namespace {

void multiply(const MulArgs& args) {
  // Copies: the compiler must take it that a store changes what `args` refers to.
  const MulParams p = *args.params;
  const size_t n = args.n;
  for (size_t row = 0; row < args.rows; row++) {
    const uint8_t* a = args.a + row * args.a_stride;
    const uint8_t* b = args.b + row * args.b_stride;
    uint8_t* c = args.c + row * args.c_stride;
    for (size_t i = 0; i < n; i++) {
      const int32_t acc =
          ((a[i] ^ p.a_flip) - p.a_zero_point) * ((b[i] ^ p.b_flip) - p.b_zero_point);
      c[i] = requantize(acc, p.scale, p.output) ^ p.c_flip;
    }
  }
}

}  // namespace

const MulKernel q8vmul__scalar = {"scalar", Isa::scalar, multiply};

}  // namespace qnnp
