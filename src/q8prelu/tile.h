// SPDX-License-Identifier: BSD-3-Clause
// The one vector body.
#pragma once

#include "isa/byte_rows.h"
#include "isa/floats.h"
#include "q8prelu/q8prelu.h"

namespace qnnp {
namespace {

template <class I>
struct PreluVector {
  using V = typename I::V;
  using F = typename I::F;
  F positive, offset;
  UpperLimit<I> high;
  V low, zero_point, input_flip, output_flip;

  QNNP_INLINE explicit PreluVector(const PreluParams& p)
      : positive(I::set_float(p.positive)),
        offset(I::offset(p.input_zero_point)),
        high(p.output),
        low(I::set8(lowest_byte(p.output))),
        zero_point(I::set16(static_cast<int16_t>(p.output.zero_point))),
        input_flip(I::set8(p.input_flip)),
        output_flip(I::set8(p.output.flip)) {}

  QNNP_INLINE V operator()(V a, const float* negative) const {
    F f[4];
    I::spread(I::sub8(a, input_flip), f, offset);  // x - 0x80 is x ^ 0x80
    unroll<4>([&](auto i) QNNP_LAMBDA {
      const F m = I::where_negative(f[i], I::load_floats(negative + i * I::kFloats), positive);
      f[i] = high.floats(I::mul(f[i], m));
    });
    return I::sub8(I::max8(high.bytes(I::join(f, zero_point)), low), output_flip);
  }
};

template <class I>
void prelu(const PreluArgs& args) {
  static_assert(I::kBytes <= kPreluPadding + 1, "the multipliers of a last vector can be read");
  const PreluVector<I> vector(*args.params);
  const float* const negative = args.negative;
  const size_t n = args.n;
  for (size_t row = 0; row < args.rows; row++) {
    const uint8_t* a = args.a + row * args.a_stride;
    uint8_t* c = args.c + row * args.c_stride;
    const size_t i = for_whole_vectors<I, min(I::kVectors, 2)>(
        n, [&](size_t j) QNNP_LAMBDA { I::store(c + j, vector(I::load(a + j), negative + j)); });
    const size_t rest = n - i;
    if (rest != 0) I::store_short(c + i, vector(I::load_short(a + i, rest), negative + i), rest);
  }
}

}  // namespace

#define QNNP_DEFINE_Q8PRELU(Traits, isa) \
  const PreluKernel q8prelu__##isa = {#isa, Isa::isa, prelu<Traits>};

}  // namespace qnnp
