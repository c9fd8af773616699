// SPDX-License-Identifier: BSD-3-Clause
// The one vector body. A byte may be looked at twice: the last vector overlaps the one before.
#pragma once

#include "u8rmax/u8rmax.h"

namespace qnnp {
namespace {

template <class I>
uint8_t largest_of(const uint8_t* x, size_t n) {
  constexpr int kVectors = 4;  // hides the latency of max8
  if (n < I::kBytes) return I::largest(I::load_short(x, n));
  typename I::V most[kVectors];
  unroll<kVectors>([&](auto j) QNNP_LAMBDA { most[j] = I::load(x + n - I::kBytes); });
  size_t i = 0;
  for (; i + kVectors * I::kBytes <= n; i += kVectors * I::kBytes) {
    unroll<kVectors>(
        [&](auto j) QNNP_LAMBDA { most[j] = I::max8(most[j], I::load(x + i + j * I::kBytes)); });
  }
  for (; i + I::kBytes <= n; i += I::kBytes) most[0] = I::max8(most[0], I::load(x + i));
  return I::largest(I::max8(I::max8(most[0], most[1]), I::max8(most[2], most[3])));
}

}  // namespace

#define QNNP_DEFINE_U8RMAX(Traits, isa) \
  const MaxKernel u8rmax__##isa = {#isa, Isa::isa, largest_of<Traits>};

}  // namespace qnnp
