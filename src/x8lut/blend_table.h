// SPDX-License-Identifier: BSD-3-Clause
// Lookup by byte shuffles. A shuffle looks up 16 entries: by the lowest four bits of an index, 0
// where its highest bit is set. So the highest bit costs an OR, the three between a tree of blends:
// 16 shuffles, 8 ORs and 7 blends a vector. The tables are loaded every time, which the ports for
// loads have room for. Beside bytes.h, I has
//   shuffle(table, index)   as above
//   add8(a, b)
//   blend(a, b, mask)       b where the highest bit of mask is set, else a
#pragma once

#include "x8lut/tile.h"

namespace qnnp {
namespace {

template <class Lanes>
struct BlendTable {
  using I = Lanes;
  using V = typename I::V;
  const uint8_t* table;

  QNNP_INLINE explicit BlendTable(const uint8_t* bytes) : table(bytes) {}

  QNNP_INLINE V operator()(V x) const {
    const V upper_half = I::bit_xor(x, I::set8(0x80));
    // Moved to the highest bit, where a blend looks; by sums, which need no port of shuffles.
    const V bit6 = I::add8(x, x);
    const V bit5 = I::add8(bit6, bit6);
    const V bit4 = I::add8(bit5, bit5);
    const auto sixteen = [&](int i) QNNP_LAMBDA {
      return I::bit_or(I::shuffle(I::load_table(table + 16 * i), x),
                       I::shuffle(I::load_table(table + 128 + 16 * i), upper_half));
    };
    const auto two = [&](int i) QNNP_LAMBDA { return I::blend(sixteen(i), sixteen(i + 1), bit4); };
    const auto four = [&](int i) QNNP_LAMBDA { return I::blend(two(i), two(i + 2), bit5); };
    return I::blend(four(0), four(4), bit6);
  }
};

}  // namespace
}  // namespace qnnp
