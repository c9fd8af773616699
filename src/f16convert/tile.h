// SPDX-License-Identifier: BSD-3-Clause
// The one vector body. H is the conversion of an instruction set: kLanes of them by widen(x, y) and
// narrow(x, y).
#pragma once

#include "f16convert/f16convert.h"

namespace qnnp {
namespace {

template <size_t kLanes, class X, class Y, class Convert>
QNNP_INLINE void convert_all(const X* x, Y* y, size_t n, const Convert& convert) {
  size_t i = 0;
  for (; i + kLanes <= n; i += kLanes) convert(x + i, y + i);
  const size_t rest = n - i;
  if (rest == 0) return;
  X last[kLanes] = {};
  Y converted[kLanes];
  memcpy(last, x + i, rest * sizeof(X));
  convert(last, converted);
  memcpy(y + i, converted, rest * sizeof(Y));
}

template <class H>
void widen(const uint16_t* x, float* y, size_t n) {
  convert_all<H::kLanes>(x, y, n,
                         [](const uint16_t* from, float* to) QNNP_LAMBDA { H::widen(from, to); });
}

template <class H>
void narrow(const float* x, uint16_t* y, size_t n) {
  convert_all<H::kLanes>(x, y, n,
                         [](const float* from, uint16_t* to) QNNP_LAMBDA { H::narrow(from, to); });
}

}  // namespace

#define QNNP_DEFINE_F16CONVERT(Traits, isa) \
  const F16Kernel f16convert__##isa = {#isa, Isa::isa, widen<Traits>, narrow<Traits>};

}  // namespace qnnp
