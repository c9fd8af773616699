// SPDX-License-Identifier: BSD-3-Clause
// The one vector body: differences in 16 bits, their products in 32.
#pragma once

#include "isa/byte_rows.h"
#include "q8vmul/q8vmul.h"

namespace qnnp {
namespace {

template <class I>
struct MulVector {
  using V = typename I::V;
  typename I::F scale, high;
  V a_zero_point, b_zero_point, zero_point, low;
  V a_flip, b_flip, c_flip;

  QNNP_INLINE explicit MulVector(const MulParams& p)
      : scale(I::set_float(p.scale)),
        high(I::set_float(p.output.high)),
        a_zero_point(I::set16(p.a_zero_point)),
        b_zero_point(I::set16(p.b_zero_point)),
        zero_point(I::set16(static_cast<int16_t>(p.output.zero_point))),
        low(I::set8(
            static_cast<uint8_t>(static_cast<int32_t>(p.output.low) + p.output.zero_point))),
        a_flip(I::set8(p.a_flip)),
        b_flip(I::set8(p.b_flip)),
        c_flip(I::set8(p.c_flip)) {}

  // Words that widened bytes -> their scaled products as words.
  QNNP_INLINE V product16(V a, V b) const {
    a = I::sub16(a, a_zero_point);
    b = I::sub16(b, b_zero_point);
    const V lower = I::scaled(I::lower_products(a, b), scale, high);
    const V upper = I::scaled(I::upper_products(a, b), scale, high);
    return I::saturating_add16(I::pack32(lower, upper), zero_point);
  }
  QNNP_INLINE V operator()(V a, V b) const {
    a = I::bit_xor(a, a_flip);
    b = I::bit_xor(b, b_flip);
    const V lower = product16(I::lower8(a), I::lower8(b));
    const V upper = product16(I::upper8(a), I::upper8(b));
    return I::bit_xor(I::max8(I::pack16(lower, upper), low), c_flip);
  }
};

// Product: made of MulParams, vectors of a and b -> c.
template <class I, class Product>
void multiply(const MulArgs& args) {
  const Product product(*args.params);
  for (size_t row = 0; row < args.rows; row++) {
    const uint8_t* a = args.a + row * args.a_stride;
    const uint8_t* b = args.b + row * args.b_stride;
    uint8_t* c = args.c + row * args.c_stride;
    map_bytes<I, min(I::kVectors, 2)>(a, b, c, args.n, product);
  }
}

}  // namespace

#define QNNP_DEFINE_Q8VMUL(Traits, isa) \
  const MulKernel q8vmul__##isa = {#isa, Isa::isa, multiply<Traits, MulVector<Traits>>};

}  // namespace qnnp
