// SPDX-License-Identifier: BSD-3-Clause
// The definition, in 64 bits.
#include "q8vadd/q8vadd.h"

namespace qnnp {
namespace {

QNNP_INLINE uint8_t add_one(uint8_t a, uint8_t b, const AddParams& p) {
  const int64_t x = (a ^ p.a_flip) * int64_t{p.a_multiplier} +
                    (b ^ p.b_flip) * int64_t{p.b_multiplier} + p.offset;
  const int64_t sum = x >> AddParams::kShift;
  return static_cast<uint8_t>(min<int64_t>(max<int64_t>(sum, p.min), p.max)) ^ p.c_flip;
}

void add(const AddArgs& args) {
  // Copies: the compiler must take it that a store changes what `args` refers to.
  const AddParams p = *args.params;
  const size_t n = args.n;
  for (size_t row = 0; row < args.rows; row++) {
    const uint8_t* a = args.a + row * args.a_stride;
    const uint8_t* b = args.b + row * args.b_stride;
    uint8_t* c = args.c + row * args.c_stride;
    for (size_t i = 0; i < n; i++) c[i] = add_one(a[i], b[i], p);
  }
}

}  // namespace

const AddKernel q8vadd__scalar = {"scalar", Isa::scalar, add};

}  // namespace qnnp
