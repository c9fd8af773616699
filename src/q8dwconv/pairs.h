// SPDX-License-Identifier: BSD-3-Clause
// Depthwise blocks of instruction sets that multiply pairs of 16-bit values: two rows side by side.
#pragma once

#include "q8dwconv/byte_blocks.h"

namespace qnnp {
namespace {

template <class I, bool kFlip>
struct PairsDwconv : ByteBlocks<I, kFlip> {
  using Base = ByteBlocks<I, kFlip>;
  using Acc = typename Base::Acc;
  using Data = typename Base::Data;
  static constexpr int kBlock = Base::kBlock, kGroup = 2, kPixels = 4;
  static constexpr WeightCode kCode = WeightCode::s16;
  using Sums = PairsDwconv<I, false>;

  template <class Count, class Size>
  static QNNP_INLINE void interleave(const uint8_t* const (&rows)[2], Count count, Size n,
                                     Data (&data)[4]) {
    weave({Base::load(rows[0], n), count == 1 ? I::zero() : Base::load(rows[1], n)}, data);
  }
  static QNNP_INLINE void weave(const Data (&r)[2], Data (&data)[4]) {
    const Data low = I::lower8(r[0], r[1]), high = I::upper8(r[0], r[1]);
    data[0] = I::lower8(low);
    data[1] = I::upper8(low);
    data[2] = I::lower8(high);
    data[3] = I::upper8(high);
  }

  static QNNP_INLINE Data splat(uint8_t byte) { return I::set16(byte); }

  static QNNP_INLINE Acc dot(Acc acc, Data data, const uint8_t* weights) {
    acc = I::add_products(acc, data, I::load(weights));
    // One sum after the other: the compiler's trees of sums need more registers than there are.
    __asm__("" : "+x"(acc));
    return acc;
  }
  static QNNP_INLINE void mac(Acc (&acc)[4], const Data (&data)[4], const uint8_t* weights) {
    unroll<4>([&](auto i) QNNP_LAMBDA { acc[i] = dot(acc[i], data[i], weights + kBlock * i); });
  }
  static QNNP_INLINE void correct(Acc (&)[4], const Data (&)[4], int32_t) {}
};

}  // namespace
}  // namespace qnnp
