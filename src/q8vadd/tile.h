// SPDX-License-Identifier: BSD-3-Clause
// The loop over rows, and the form of the sum for any ratio in 32-bit lanes, without 64-bit
// products: with multiplier = hi * 2^15 + lo,
//   floor((a * MA + b * MB + K) / 2^15) = a * a_hi + b * b_hi + offset_hi
//                                         + floor((a * a_lo + b * b_lo + offset_lo) / 2^15)
// exactly, and every term fits (proof: doc/quantization.md, "Add, subtract").
// Other forms, one for ratios of at most 1 and one for any, are templates <class I, bool kLimits,
// bool kFlip>, made from AddParams, that take vectors of a and b and leave out limits or flips.
#pragma once

#include "isa/byte_rows.h"
#include "q8vadd/q8vadd.h"

namespace qnnp {
namespace {

// Two constants for the pairs of 16-bit lanes a0 b0 a1 b1 ...
template <class I>
QNNP_INLINE typename I::V set_pair16(int32_t a, int32_t b) {
  return I::set32(static_cast<int32_t>((a & 0xffff) | static_cast<uint32_t>(b) << 16));
}

// What comes after a sum. The limits of the whole type, and a flip of 0, would cost one part in ten
// for nothing.
template <class I, bool kLimits, bool kFlip>
struct AddOutput {
  using V = typename I::V;
  V min, max, flip;

  QNNP_INLINE explicit AddOutput(const AddParams& p)
      : min(I::set8(p.min)), max(I::set8(p.max)), flip(I::set8(p.c_flip)) {}
  QNNP_INLINE V operator()(V c) const {
    if constexpr (kLimits) c = I::min8(I::max8(c, min), max);
    return kFlip ? I::bit_xor(c, flip) : c;
  }
};

template <class I, bool kLimits, bool kFlip>
struct AnyRatio {
  using V = typename I::V;
  V high, low;  // the multipliers' upper and lower 15 bits, a and b in turn
  V offset_high, offset_low;
  V a_flip, b_flip;
  AddOutput<I, kLimits, kFlip> output;

  QNNP_INLINE explicit AnyRatio(const AddParams& p)
      : high(set_pair16<I>(p.a_multiplier >> 15, p.b_multiplier >> 15)),
        low(set_pair16<I>(p.a_multiplier & 0x7fff, p.b_multiplier & 0x7fff)),
        offset_high(I::set32(static_cast<int32_t>(p.offset >> 15))),
        offset_low(I::set32(static_cast<int32_t>(p.offset & 0x7fff))),
        a_flip(I::set8(p.a_flip)),
        b_flip(I::set8(p.b_flip)),
        output(p) {}

  // Words a0 b0 a1 b1 ... -> their sums in 32 bits.
  QNNP_INLINE V sum32(V words) const {
    const V carry = I::template shift_right32<15>(I::add_products(offset_low, words, low));
    return I::template shift_right32<AddParams::kShift - 15>(
        I::add32(I::add_products(offset_high, words, high), carry));
  }
  // Bytes a0 b0 a1 b1 ... -> their sums in 16 bits.
  QNNP_INLINE V sum16(V bytes) const {
    return I::pack32(sum32(I::lower8(bytes)), sum32(I::upper8(bytes)));
  }
  QNNP_INLINE V operator()(V a, V b) const {
    a = I::bit_xor(a, a_flip);
    b = I::bit_xor(b, b_flip);
    return output(I::pack16(sum16(I::lower8(a, b)), sum16(I::upper8(a, b))));
  }
};

template <class I, class Sum>
QNNP_INLINE void add_rows(const AddArgs& args) {
  const Sum sum(*args.params);
  const size_t n = args.n;
  for (size_t row = 0; row < args.rows; row++) {
    const uint8_t* a = args.a + row * args.a_stride;
    const uint8_t* b = args.b + row * args.b_stride;
    uint8_t* c = args.c + row * args.c_stride;
    map_bytes<I, min(I::kVectors, 2)>(a, b, c, n, sum);
  }
}

template <class I, template <class, bool, bool> class Form>
void add_with(const AddArgs& args) {
  const AddParams& p = *args.params;
  const bool limits = p.min != 0 || p.max != 255;
  if (limits || (p.a_flip | p.b_flip | p.c_flip) != 0) {
    if (limits) {
      add_rows<I, Form<I, true, true>>(args);
    } else {
      add_rows<I, Form<I, false, true>>(args);
    }
  } else {
    add_rows<I, Form<I, false, false>>(args);
  }
}

template <class I, template <class, bool, bool> class AtMostOne,
          template <class, bool, bool> class Any>
void add(const AddArgs& args) {
  if (args.params->at_most_one()) {
    add_with<I, AtMostOne>(args);
  } else {
    add_rows<I, Any<I, true, true>>(args);
  }
}

}  // namespace

// `form`: the one for ratios of at most 1.
#define QNNP_DEFINE_Q8VADD(Traits, form, any_ratio, isa) \
  const AddKernel q8vadd__##isa = {#isa, Isa::isa, add<Traits, form, any_ratio>};

}  // namespace qnnp
