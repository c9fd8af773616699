// SPDX-License-Identifier: BSD-3-Clause
// The sum in 32-bit lanes, without 64-bit products: with multiplier = hi * 2^15 + lo,
//   floor((x + 2^(shift - 1)) / 2^15) = a * a_hi + b * b_hi + offset_hi
//                                       + floor((a * a_lo + b * b_lo + offset_lo) / 2^15)
// exactly, and every term fits (proof: doc/quantization.md, "Add, subtract").
#pragma once

#include "q8vadd/q8vadd.h"

namespace qnnp {
namespace {

// Without signed tensors (kFlips), the XORs would cost one part in twenty for nothing.
template <class I, bool kFlips>
struct AddVector {
  using V = typename I::V;
  V high, low;  // the multipliers' upper and lower 15 bits, a and b in turn
  V offset_high, offset_low;
  V zero_point, min, max;
  V a_flip, b_flip, c_flip;
  typename I::Count shift;

  QNNP_INLINE explicit AddVector(const AddParams& p)
      : high(pair(p.a_multiplier >> 15, p.b_multiplier >> 15)),
        low(pair(p.a_multiplier & 0x7fff, p.b_multiplier & 0x7fff)),
        offset_high(I::set32(static_cast<int32_t>(p.offset >> 15))),
        offset_low(I::set32(static_cast<int32_t>(p.offset & 0x7fff))),
        zero_point(I::set16(p.zero_point)),
        min(I::set8(p.min)),
        max(I::set8(p.max)),
        a_flip(I::set8(p.a_flip)),
        b_flip(I::set8(p.b_flip)),
        c_flip(I::set8(p.c_flip)),
        shift(I::count(p.shift - 15)) {}

  static QNNP_INLINE V pair(int32_t a, int32_t b) {
    return I::set32(static_cast<int32_t>((a & 0xffff) | static_cast<uint32_t>(b) << 16));
  }
  // Words a0 b0 a1 b1 ... -> their sums in 32 bits.
  QNNP_INLINE V sum32(V words) const {
    const V carry = I::template shift_right32<15>(I::add_products(offset_low, words, low));
    return I::shift_right32(I::add32(I::add_products(offset_high, words, high), carry), shift);
  }
  // Bytes a0 b0 a1 b1 ... -> their sums in 16 bits.
  QNNP_INLINE V sum16(V bytes) const {
    const V sums = I::pack32(sum32(I::lower8(bytes)), sum32(I::upper8(bytes)));
    return I::saturating_add16(sums, zero_point);
  }
  QNNP_INLINE V operator()(V a, V b) const {
    if constexpr (kFlips) {
      a = I::bit_xor(a, a_flip);
      b = I::bit_xor(b, b_flip);
    }
    const V sums = I::pack16(sum16(I::lower8(a, b)), sum16(I::upper8(a, b)));
    const V limited = I::min8(I::max8(sums, min), max);
    return kFlips ? I::bit_xor(limited, c_flip) : limited;
  }
};

template <class I, bool kFlips>
QNNP_INLINE void add_rows(const AddArgs& args) {
  const AddVector<I, kFlips> sum(*args.params);
  for (size_t row = 0; row < args.rows; row++) {
    const uint8_t* a = args.a + row * args.a_stride;
    const uint8_t* b = args.b + row * args.b_stride;
    uint8_t* c = args.c + row * args.c_stride;
    size_t i = 0;
    for (; i + I::kBytes <= args.n; i += I::kBytes) {
      I::store(c + i, sum(I::load(a + i), I::load(b + i)));
    }
    const size_t rest = args.n - i;
    if (rest != 0) {
      I::store_short(c + i, sum(I::load_short(a + i, rest), I::load_short(b + i, rest)), rest);
    }
  }
}

template <class I>
void add(const AddArgs& args) {
  const AddParams& p = *args.params;
  if ((p.a_flip | p.b_flip | p.c_flip) == 0) {
    add_rows<I, false>(args);
  } else {
    add_rows<I, true>(args);
  }
}

}  // namespace

#define QNNP_DEFINE_Q8VADD(Traits, isa) \
  const AddKernel q8vadd__##isa = {#isa, Isa::isa, add<Traits>};

}  // namespace qnnp
