// SPDX-License-Identifier: BSD-3-Clause
// The definition, one byte at a time: the scalar row, and the few channels that are less than a
// vector.
#pragma once

#include "q8resize/q8resize.h"

namespace qnnp {
namespace {

struct ResizeWeights {
  float w[4];

  QNNP_INLINE ResizeWeights(double y, double x)
      : w{static_cast<float>((1 - y) * (1 - x)), static_cast<float>((1 - y) * x),
          static_cast<float>(y * (1 - x)), static_cast<float>(y * x)} {}
};

// Four pixels of the input.
struct ResizeSource {
  const uint8_t* p[4];
};

QNNP_INLINE void resize_scalar(const ResizeSource& source, const ResizeWeights& weights,
                               uint8_t flip, size_t n, uint8_t* c) {
  const ResizeSource s = source;  // copies: a store of bytes could change what is referred to
  const ResizeWeights weight = weights;
  for (size_t i = 0; i < n; i++) {
    const auto part = [&](int k) QNNP_LAMBDA {
      return static_cast<float>(s.p[k][i] ^ flip) * weight.w[k];
    };
    const float sum = ((part(0) + part(1)) + part(2)) + part(3);
    c[i] = static_cast<uint8_t>(static_cast<int32_t>(sum + 0.5f) ^ flip);
  }
}

QNNP_INLINE ResizeSource resize_source(const ResizeArgs& t, const ResizeTap& column) {
  return {{t.top + column.low, t.top + column.high, t.bottom + column.low, t.bottom + column.high}};
}

}  // namespace
}  // namespace qnnp
