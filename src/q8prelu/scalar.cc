// SPDX-License-Identifier: BSD-3-Clause
// The definition.
#include "q8prelu/q8prelu.h"

namespace qnnp {
namespace {

void prelu(const PreluArgs& args) {
  constexpr float kRound = 0x1.8p23f;  // in this binade floats are integers
  // Copies: the compiler must take it that a store changes what `args` refers to.
  const PreluParams p = *args.params;
  const float* const negative = args.negative;
  const size_t n = args.n;
  for (size_t row = 0; row < args.rows; row++) {
    const uint8_t* a = args.a + row * args.a_stride;
    uint8_t* c = args.c + row * args.c_stride;
    for (size_t i = 0; i < n; i++) {
      const int32_t d = (a[i] ^ p.input_flip) - p.input_zero_point;
      const float product = static_cast<float>(d) * (d < 0 ? negative[i] : p.positive);
      const float limited = min(max(product, p.output.low), p.output.high);
      const int32_t rounded = static_cast<int32_t>((limited + kRound) - kRound);
      c[i] = static_cast<uint8_t>((rounded + p.output.zero_point) ^ p.output.flip);
    }
  }
}

}  // namespace

const PreluKernel q8prelu__scalar = {"scalar", Isa::scalar, prelu};

}  // namespace qnnp
