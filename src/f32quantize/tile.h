// SPDX-License-Identifier: BSD-3-Clause
// The one vector body.
#pragma once

#include "f32quantize/f32quantize.h"
#include "isa/byte_rows.h"
#include "isa/floats.h"

namespace qnnp {
namespace {

template <class I>
struct QuantizeVector {
  typename I::F scale;
  UpperLimit<I> high;
  typename I::V low, zero_point, flip;

  QNNP_INLINE explicit QuantizeVector(const QuantizeParams& p)
      : scale(I::set_float(p.scale)),
        high(p.output),
        low(I::set8(lowest_byte(p.output))),
        zero_point(I::set16(static_cast<int16_t>(p.output.zero_point))),
        flip(I::set8(p.output.flip)) {}

  QNNP_INLINE typename I::V operator()(const float* x) const {
    typename I::F f[4];
    unroll<4>([&](auto i) QNNP_LAMBDA {
      const typename I::F quotient = I::div(I::load_floats(x + i * I::kFloats), scale);
      f[i] = high.floats(I::known(quotient));
    });
    // x - 0x80 is x ^ 0x80
    return I::sub8(I::max8(high.bytes(I::join(f, zero_point)), low), flip);
  }
};

template <class I>
void quantize(const QuantizeArgs& args) {
  const QuantizeVector<I> vector(*args.params);
  const size_t n = args.n;
  for (size_t row = 0; row < args.rows; row++) {
    const float* x = args.x + row * args.x_stride;
    uint8_t* c = args.c + row * args.c_stride;
    const size_t i = for_whole_vectors<I, min(I::kVectors, 2)>(
        n, [&](size_t j) QNNP_LAMBDA { I::store(c + j, vector(x + j)); });
    const size_t rest = n - i;
    if (rest != 0) I::store_short(c + i, vector(ShortFloats<I>(x + i, rest).values), rest);
  }
}

}  // namespace

#define QNNP_DEFINE_F32QUANTIZE(Traits, isa) \
  const QuantizeKernel f32quantize__##isa = {#isa, Isa::isa, quantize<Traits>};

}  // namespace qnnp
