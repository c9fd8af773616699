// SPDX-License-Identifier: BSD-3-Clause
// The exact products of words.h for x86, in the few operations that avx2_words.h and avx512_words.h
// add to their bytes. Products are those of the even lanes: each half goes its own way.
#pragma once

#include "isa/words.h"
#include "isa/x86.h"

namespace qnnp {
namespace {

// On magnitudes: |acc| <= 2^31, so products stay below 2^63, sums below 2^64. Even lanes are
// shifted into the lower half of 64 bits, odd ones into the upper.
template <class I>
struct X86Precise {
  using V = typename I::V;
  V multiplier, half;
  V even_shift, odd_shift;

  QNNP_INLINE X86Precise(uint32_t m, uint32_t shift)
      : multiplier(I::set32(static_cast<int32_t>(m))),
        half(I::set64(int64_t{1} << (31 + shift))),
        even_shift(I::set64(32 + shift)),
        odd_shift(I::set64(shift)) {}
  QNNP_INLINE V operator()(V acc) const {
    const V magnitude = I::abs32(acc);
    const V even = I::add64(I::multiply_unsigned(magnitude, multiplier), half);
    const V odd = I::add64(I::multiply_unsigned(I::odd32(magnitude), multiplier), half);
    return I::with_sign(
        I::join(I::shift_right64(even, even_shift), I::shift_right64(odd, odd_shift)), acc);
  }
};

// |h| < 2^31, so the magnitude plus a half fits into 32 bits without sign.
template <class I>
struct X86FixedPoint {
  using V = typename I::V;
  V multiplier, nudge, half;
  V shift;

  QNNP_INLINE X86FixedPoint(uint32_t m, uint32_t n)
      : multiplier(I::set32(static_cast<int32_t>(m))),
        nudge(I::set64(int64_t{1} << 30)),
        half(I::set32(static_cast<int32_t>((uint64_t{1} << n) / 2))),
        shift(I::set32(static_cast<int32_t>(n))) {}
  QNNP_INLINE V operator()(V acc) const {
    const V even = I::add64(I::multiply_signed(acc, multiplier), nudge);
    const V odd = I::add64(I::multiply_signed(I::odd32(acc), multiplier), nudge);
    const V high = I::join(I::shift_right64(even, I::set64(31)), I::add64(odd, odd));
    return I::with_sign(I::shift_right_unsigned32(I::add32(I::abs32(high), half), shift), high);
  }
};

}  // namespace
}  // namespace qnnp
