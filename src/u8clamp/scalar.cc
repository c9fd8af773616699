// SPDX-License-Identifier: BSD-3-Clause
#include "u8clamp/u8clamp.h"

namespace qnnp {
namespace {

void clamp(const ClampArgs& args) {
  // Copies: the compiler must take it that a store changes what `args` refers to.
  const uint8_t low = args.low, high = args.high, a_flip = args.a_flip, c_flip = args.c_flip;
  const size_t n = args.n;
  for (size_t row = 0; row < args.rows; row++) {
    const uint8_t* a = args.a + row * args.a_stride;
    uint8_t* c = args.c + row * args.c_stride;
    for (size_t i = 0; i < n; i++) {
      const uint8_t x = a[i] ^ a_flip;
      c[i] = min(max(x, low), high) ^ c_flip;
    }
  }
}

}  // namespace

const ClampKernel u8clamp__scalar = {"scalar", Isa::scalar, clamp};

}  // namespace qnnp
