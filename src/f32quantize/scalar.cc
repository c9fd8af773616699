// SPDX-License-Identifier: BSD-3-Clause
// The definition.
#include "f32quantize/f32quantize.h"

namespace qnnp {
namespace {

void quantize(const QuantizeArgs& args) {
  constexpr float kRound = 0x1.8p23f;  // in this binade floats are integers
  // Copies: the compiler must take it that a store changes what `args` refers to.
  const QuantizeParams p = *args.params;
  const size_t n = args.n;
  for (size_t row = 0; row < args.rows; row++) {
    const float* x = args.x + row * args.x_stride;
    uint8_t* c = args.c + row * args.c_stride;
    for (size_t i = 0; i < n; i++) {
      const float quotient = x[i] / p.scale;
      const float known = quotient == quotient ? quotient : 0.0f;
      const float limited = min(max(known, p.output.low), p.output.high);
      const int32_t rounded = static_cast<int32_t>((limited + kRound) - kRound);
      c[i] = static_cast<uint8_t>((rounded + p.output.zero_point) ^ p.output.flip);
    }
  }
}

}  // namespace

const QuantizeKernel f32quantize__scalar = {"scalar", Isa::scalar, quantize};

}  // namespace qnnp
