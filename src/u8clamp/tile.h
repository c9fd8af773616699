// SPDX-License-Identifier: BSD-3-Clause
// The one vector body.
#pragma once

#include "u8clamp/u8clamp.h"

namespace qnnp {
namespace {

template <class I>
void clamp(const ClampArgs& args) {
  const typename I::V low = I::set8(args.low), high = I::set8(args.high);
  const typename I::V a_flip = I::set8(args.a_flip), c_flip = I::set8(args.c_flip);
  const auto clamped = [&](typename I::V v) QNNP_LAMBDA {
    return I::bit_xor(I::min8(I::max8(I::bit_xor(v, a_flip), low), high), c_flip);
  };
  for (size_t row = 0; row < args.rows; row++) {
    const uint8_t* a = args.a + row * args.a_stride;
    uint8_t* c = args.c + row * args.c_stride;
    size_t i = 0;
    for (; i + I::kBytes <= args.n; i += I::kBytes) I::store(c + i, clamped(I::load(a + i)));
    const size_t rest = args.n - i;
    if (rest != 0) I::store_short(c + i, clamped(I::load_short(a + i, rest)), rest);
  }
}

}  // namespace

#define QNNP_DEFINE_U8CLAMP(Traits, isa) \
  const ClampKernel u8clamp__##isa = {#isa, Isa::isa, clamp<Traits>};

}  // namespace qnnp
