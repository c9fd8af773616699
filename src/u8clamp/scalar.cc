// SPDX-License-Identifier: BSD-3-Clause
#include "u8clamp/u8clamp.h"

namespace qnnp {
namespace {

void clamp(const ClampArgs& args) {
  for (size_t row = 0; row < args.rows; row++) {
    const uint8_t* a = args.a + row * args.a_stride;
    uint8_t* c = args.c + row * args.c_stride;
    for (size_t i = 0; i < args.n; i++) c[i] = min(max(a[i], args.low), args.high);
  }
}

}  // namespace

const ClampKernel u8clamp__scalar = {"scalar", Isa::scalar, clamp};

}  // namespace qnnp
