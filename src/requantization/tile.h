// SPDX-License-Identifier: BSD-3-Clause
// The one vector body: four vectors of accumulators are scaled and packed to one vector of bytes.
// I is a vector of 32-bit lanes (isa/words.h); I::Precise and I::FixedPoint are the two exact
// products, fp32 is written here.
#pragma once

#include "requantization/requantization.h"

namespace qnnp {
namespace {

template <class I>
struct Fp32 {
  typename I::F scale, high;
  QNNP_INLINE explicit Fp32(const RequantizationParams& p)
      : scale(I::set_float(p.scale)),
        high(I::set_float(static_cast<float>(int{p.max} - p.zero_point))) {}
  QNNP_INLINE typename I::V operator()(typename I::V acc) const {
    return I::scaled(acc, scale, high);
  }
};

template <class I>
struct Precise : I::Precise {
  QNNP_INLINE explicit Precise(const RequantizationParams& p) : I::Precise(p.multiplier, p.shift) {}
};

template <class I>
struct FixedPoint : I::FixedPoint {
  QNNP_INLINE explicit FixedPoint(const RequantizationParams& p)
      : I::FixedPoint(p.multiplier, p.shift) {}
};

template <class I>
struct RequantizationOutput {
  using V = typename I::V;
  V zero_point, min, max;
  QNNP_INLINE explicit RequantizationOutput(const RequantizationParams& p)
      : zero_point(I::set16(p.zero_point)), min(I::set8(p.min)), max(I::set8(p.max)) {}
  // What saturates to 16 or 8 bits is limited to min or max as it would have been anyway.
  QNNP_INLINE V operator()(const V (&x)[4]) const {
    V words[2];
    unroll<2>([&](auto h) QNNP_LAMBDA {
      words[h] = I::saturating_add16(I::pack32(x[2 * h], x[2 * h + 1]), zero_point);
    });
    const V bytes = I::in_order(I::pack16(words[0], words[1]));
    return I::min8(I::max8(bytes, min), max);
  }
};

template <class I, template <class> class Scaler>
void requantize_all(const RequantizationArgs& args) {
  constexpr size_t kLanes = I::kBytes / 4;
  const Scaler<I> scaled(*args.params);
  const RequantizationOutput<I> output(*args.params);
  const int32_t* acc = args.acc;
  uint8_t* c = args.c;
  size_t n = args.n;
  typename I::V x[4];
  for (; n >= I::kBytes; n -= I::kBytes, acc += I::kBytes, c += I::kBytes) {
    unroll<4>([&](auto j) QNNP_LAMBDA { x[j] = scaled(I::load_words(acc + j * kLanes)); });
    I::store(c, output(x));
  }
  if (n == 0) return;
  unroll<4>([&](auto j) QNNP_LAMBDA {
    const size_t begin = min(n, j * kLanes);
    x[j] = scaled(I::load_words_short(acc + begin, min(n - begin, kLanes)));
  });
  I::store_short(c, output(x), n);
}

}  // namespace

#define QNNP_DEFINE_REQUANTIZATIONS(Traits, isa)                              \
  QNNP_DEFINE_REQUANTIZATION(isa, precise, (requantize_all<Traits, Precise>)) \
  QNNP_DEFINE_REQUANTIZATION(isa, fp32, (requantize_all<Traits, Fp32>))       \
  QNNP_DEFINE_REQUANTIZATION(isa, q31, (requantize_all<Traits, FixedPoint>))  \
  QNNP_DEFINE_REQUANTIZATION(isa, gemmlowp, (requantize_all<Traits, FixedPoint>))

}  // namespace qnnp
