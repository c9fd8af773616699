// SPDX-License-Identifier: BSD-3-Clause
// The one vector body. Where input and output have one type, its bytes are compared as they are.
#pragma once

#include "isa/byte_rows.h"
#include "u8clamp/u8clamp.h"

namespace qnnp {
namespace {

template <class I, class Op>
QNNP_INLINE void clamp_rows(const ClampArgs& args, const Op& op) {
  const size_t n = args.n;
  for (size_t row = 0; row < args.rows; row++) {
    map_bytes<I>(args.a + row * args.a_stride, args.c + row * args.c_stride, n, op);
  }
}

template <class I>
void clamp(const ClampArgs& args) {
  using V = typename I::V;
  if (args.a_flip != args.c_flip) {
    const V low = I::set8(args.low), high = I::set8(args.high);
    const V a_flip = I::set8(args.a_flip), c_flip = I::set8(args.c_flip);
    clamp_rows<I>(args, [=](V v) QNNP_LAMBDA {
      return I::bit_xor(I::min8(I::max8(I::bit_xor(v, a_flip), low), high), c_flip);
    });
    return;
  }
  const V low = I::set8(args.low ^ args.a_flip), high = I::set8(args.high ^ args.a_flip);
  if (args.a_flip == 0) {
    clamp_rows<I>(args, [=](V v) QNNP_LAMBDA { return I::min8(I::max8(v, low), high); });
  } else {
    clamp_rows<I>(args,
                  [=](V v) QNNP_LAMBDA { return I::signed_min8(I::signed_max8(v, low), high); });
  }
}

}  // namespace

#define QNNP_DEFINE_U8CLAMP(Traits, isa) \
  const ClampKernel u8clamp__##isa = {#isa, Isa::isa, clamp<Traits>};

}  // namespace qnnp
