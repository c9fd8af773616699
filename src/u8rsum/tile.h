// SPDX-License-Identifier: BSD-3-Clause
// The one vector body. A lane of 32 bits adds 2 bytes of each vector: fewer than 2^24 bytes in
// vectors of 16 or more cannot leave it.
#pragma once

#include "u8rsum/u8rsum.h"

namespace qnnp {
namespace {

template <class I>
uint32_t sum_of(const uint8_t* x, size_t n, uint8_t flip) {
  using V = typename I::V;
  const V flips = I::set8(flip), ones = I::set16(1);
  V lower = I::zero(), upper = I::zero();
  const auto add = [&](V v) QNNP_LAMBDA {
    lower = I::add_products(lower, I::lower8(v), ones);
    upper = I::add_products(upper, I::upper8(v), ones);
  };
  size_t i = 0;
  for (; i + I::kBytes <= n; i += I::kBytes) add(I::bit_xor(I::load(x + i), flips));
  if (i != n) {  // the zeros above stay zeros
    uint8_t few[I::kBytes];
    I::store(few, flips);
    add(I::bit_xor(I::load_short(x + i, n - i), I::load_short(few, n - i)));
  }
  uint32_t lanes[I::kBytes / sizeof(uint32_t)], sum = 0;
  const V both = I::add32(lower, upper);
  memcpy(lanes, &both, sizeof(lanes));
  for (uint32_t lane : lanes) sum += lane;
  return sum;
}

}  // namespace

#define QNNP_DEFINE_U8RSUM(Traits, isa) \
  const SumKernel u8rsum__##isa = {#isa, Isa::isa, sum_of<Traits>};

}  // namespace qnnp
