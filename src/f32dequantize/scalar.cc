// SPDX-License-Identifier: BSD-3-Clause
// The definition.
#include "f32dequantize/f32dequantize.h"

namespace qnnp {
namespace {

void dequantize(const DequantizeArgs& args) {
  const DequantizeParams p = *args.params;
  for (size_t row = 0; row < args.rows; row++) {
    const uint8_t* a = args.a + row * args.a_stride;
    float* y = args.y + row * args.y_stride;
    for (size_t i = 0; i < args.n; i++) {
      y[i] = static_cast<float>((a[i] ^ p.flip) - p.zero_point) * p.scale;
    }
  }
}

}  // namespace

const DequantizeKernel f32dequantize__scalar = {"scalar", Isa::scalar, dequantize};

}  // namespace qnnp
