// SPDX-License-Identifier: BSD-3-Clause
// Lookup of bytes in the part of the table that is not 0, 16 entries a shuffle.
#pragma once

#include "u8lut32norm/tile.h"

namespace qnnp {
namespace {

template <class I>
struct VectorSteps : PlainSteps {
  using V = typename I::V;

  static QNNP_INLINE void lookup(const LutNormArgs& args, const uint8_t* outputs, size_t count) {
    const V nearest = I::set8(args.nearest()), y_flip = I::set8(args.y_flip);
    const auto look_up = [&](V x) QNNP_LAMBDA {
      const V distance = I::sub8(nearest, x);
      V y = I::zero();
      for (size_t first = 0; first < count; first += 16) {
        const V index = I::sub8(distance, I::set8(static_cast<uint8_t>(first)));
        y = I::bit_or(y, I::table_lookup(I::load_table(outputs + first), index));
      }
      return I::bit_xor(y, y_flip);
    };
    size_t i = 0;
    for (; i + I::kBytes <= args.n; i += I::kBytes) {
      I::store(args.y + i, look_up(I::load(args.x + i)));
    }
    const size_t rest = args.n - i;
    if (rest != 0) I::store_short(args.y + i, look_up(I::load_short(args.x + i, rest)), rest);
  }
};

}  // namespace
}  // namespace qnnp
