// SPDX-License-Identifier: BSD-3-Clause
// The sum for ratios of at most 1 in 16-bit lanes, by saturating products of unsigned and signed
// bytes (doc/quantization.md, "Add, subtract", "16 bits"): 12 operations for every vector of 16-bit
// sums.
#pragma once

#include "q8vadd/tile.h"

namespace qnnp {
namespace {

template <class I, bool kLimits, bool kFlip>
struct Pairs16 {
  using V = typename I::V;
  V a_flip, b_flip;  // to a - 128, and b - 128 or 127 - b
  V digits[3];       // of both multipliers, in turn
  V k0, k1, k2, k2_rest;
  AddOutput<I, kLimits, kFlip> output;

  QNNP_INLINE explicit Pairs16(const AddParams& p)
      : a_flip(I::set8(p.a_flip ^ 0x80)),
        b_flip(I::set8(p.b_flip ^ (p.b_multiplier < 0 ? 0x7f : 0x80))),
        output(p) {
    const int32_t a = p.a_multiplier, b = p.b_multiplier;
    const int32_t b_size = b < 0 ? -b : b;
    unroll<3>([&](auto i) QNNP_LAMBDA {
      const auto digit = [&](int32_t x) QNNP_LAMBDA { return i == 2 ? x >> 14 : x >> 7 * i & 127; };
      digits[i] = I::set16(static_cast<int16_t>(digit(a) | digit(b_size) << 8));
    });
    constexpr int32_t kBias = 128 * 254;  // as small as a product of the lower digits can be
    const int32_t k = static_cast<int32_t>(p.offset + int64_t{128} * a +
                                           int64_t{b < 0 ? 127 : 128} * b - 129 * kBias);
    k0 = I::set16(static_cast<int16_t>(kBias + (k & 127)));
    k1 = I::set16(static_cast<int16_t>(kBias + (k >> 7 & 127)));
    const int32_t half = (k >> 14) / 2;
    k2 = I::set16(static_cast<int16_t>(half));
    k2_rest = I::set16(static_cast<int16_t>((k >> 14) - half));
  }

  // Bytes a0 b0 a1 b1 ... -> their sums in 16 bits.
  QNNP_INLINE V sum16(V x) const {
    const V u0 = I::add16(I::byte_products(digits[0], x), k0);
    const V sum1 = I::add16(I::byte_products(digits[1], x), k1);
    const V u1 = I::add16(sum1, I::template unsigned_shift_right16<7>(u0));
    const V sum2 =
        I::saturating_add16(I::saturating_add16(I::byte_products(digits[2], x), k2), k2_rest);
    return I::template shift_right16<7>(
        I::saturating_add16(sum2, I::template unsigned_shift_right16<7>(u1)));
  }
  QNNP_INLINE V operator()(V a, V b) const {
    a = I::bit_xor(a, a_flip);
    b = I::bit_xor(b, b_flip);
    return output(I::pack16(sum16(I::lower8(a, b)), sum16(I::upper8(a, b))));
  }
};

}  // namespace
}  // namespace qnnp
