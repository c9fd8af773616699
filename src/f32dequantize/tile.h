// SPDX-License-Identifier: BSD-3-Clause
// The one vector body.
#pragma once

#include "f32dequantize/f32dequantize.h"
#include "isa/byte_rows.h"
#include "isa/floats.h"

namespace qnnp {
namespace {

template <class I>
struct DequantizeVector {
  typename I::F scale, offset;
  typename I::V flip;

  QNNP_INLINE explicit DequantizeVector(const DequantizeParams& p)
      : scale(I::set_float(p.scale)), offset(I::offset(p.zero_point)), flip(I::set8(p.flip)) {}

  QNNP_INLINE void operator()(typename I::V a, float* y) const {
    typename I::F f[4];
    I::spread(I::sub8(a, flip), f, offset);  // x - 0x80 is x ^ 0x80
    unroll<4>([&](auto i)
                  QNNP_LAMBDA { I::store_floats(y + i * I::kFloats, I::mul(f[i], scale)); });
  }
};

template <class I>
void dequantize(const DequantizeArgs& args) {
  const DequantizeVector<I> vector(*args.params);
  const size_t n = args.n;
  for (size_t row = 0; row < args.rows; row++) {
    const uint8_t* a = args.a + row * args.a_stride;
    float* y = args.y + row * args.y_stride;
    const size_t i = for_whole_vectors<I, min(I::kVectors, 2)>(
        n, [&](size_t j) QNNP_LAMBDA { vector(I::load(a + j), y + j); });
    const size_t rest = n - i;
    if (rest == 0) continue;
    ShortFloats<I> last;
    vector(I::load_short(a + i, rest), last.values);
    last.store(y + i, rest);
  }
}

}  // namespace

#define QNNP_DEFINE_F32DEQUANTIZE(Traits, isa) \
  const DequantizeKernel f32dequantize__##isa = {#isa, Isa::isa, dequantize<Traits>};

}  // namespace qnnp
