// SPDX-License-Identifier: BSD-3-Clause
// The one vector body. A byte may be looked at twice: the last vector overlaps the one before.
#pragma once

#include "u8rmax/u8rmax.h"

namespace qnnp {
namespace {

template <class I>
uint8_t largest_of(const uint8_t* x, size_t n, uint8_t flip) {
  constexpr int kVectors = 4;  // hides the latency of max8
  using V = typename I::V;
  const V flips = I::set8(flip);
  if (n < I::kBytes) {  // the zeros above stay the smallest
    uint8_t few[I::kBytes];
    I::store(few, flips);
    return I::largest(I::bit_xor(I::load_short(x, n), I::load_short(few, n)));
  }
  const auto load = [&](const uint8_t* p) QNNP_LAMBDA { return I::bit_xor(I::load(p), flips); };
  V most[kVectors];
  unroll<kVectors>([&](auto j) QNNP_LAMBDA { most[j] = load(x + n - I::kBytes); });
  size_t i = 0;
  for (; i + kVectors * I::kBytes <= n; i += kVectors * I::kBytes) {
    unroll<kVectors>([&](auto j)
                         QNNP_LAMBDA { most[j] = I::max8(most[j], load(x + i + j * I::kBytes)); });
  }
  for (; i + I::kBytes <= n; i += I::kBytes) most[0] = I::max8(most[0], load(x + i));
  return I::largest(I::max8(I::max8(most[0], most[1]), I::max8(most[2], most[3])));
}

}  // namespace

#define QNNP_DEFINE_U8RMAX(Traits, isa) \
  const MaxKernel u8rmax__##isa = {#isa, Isa::isa, largest_of<Traits>};

}  // namespace qnnp
