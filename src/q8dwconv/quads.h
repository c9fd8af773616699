// SPDX-License-Identifier: BSD-3-Clause
// Depthwise blocks of instruction sets with vpdpbusd (isa/vnni.h): four rows side by side, as bytes.
#pragma once

#include "q8dwconv/byte_blocks.h"

namespace qnnp {
namespace {

// PIXELS: outputs that registers hold at once.
template <class I, int PIXELS, bool kFlip>
struct QuadsDwconv : ByteBlocks<I, kFlip> {
  using Base = ByteBlocks<I, kFlip>;
  using Acc = typename Base::Acc;
  using Data = typename Base::Data;
  static constexpr int kBlock = Base::kBlock, kGroup = 4, kPixels = PIXELS;
  static constexpr WeightCode kCode = WeightCode::s8;
  using Sums = QuadsDwconv<I, PIXELS, false>;

  template <class Count, class Size>
  static QNNP_INLINE void interleave(const uint8_t* const (&rows)[4], Count count, Size n,
                                     Data (&data)[4]) {
    Data r[4];
    unroll<4>([&](auto i) QNNP_LAMBDA { r[i] = i < count ? Base::load(rows[i], n) : I::zero(); });
    weave(r, data);
  }
  static QNNP_INLINE void weave(const Data (&r)[4], Data (&data)[4]) {
    const Data low01 = I::lower8(r[0], r[1]), high01 = I::upper8(r[0], r[1]);
    const Data low23 = I::lower8(r[2], r[3]), high23 = I::upper8(r[2], r[3]);
    data[0] = I::lower16(low01, low23);
    data[1] = I::upper16(low01, low23);
    data[2] = I::lower16(high01, high23);
    data[3] = I::upper16(high01, high23);
  }

  static QNNP_INLINE Data splat(uint8_t byte) { return I::set8(byte); }

  static QNNP_INLINE Acc dot(Acc acc, Data data, const uint8_t* weights) {
    return I::dot(acc, data, I::load(weights));
  }
  static QNNP_INLINE void mac(Acc (&acc)[4], const Data (&data)[4], const uint8_t* weights) {
    unroll<4>([&](auto i) QNNP_LAMBDA { acc[i] = dot(acc[i], data[i], weights + kBlock * i); });
  }

  static QNNP_INLINE Acc dot_same(Acc acc, Data data, int32_t codes) {
    return I::dot(acc, data, I::set32(codes));
  }
  static QNNP_INLINE void finish(Acc& acc) { __asm__ volatile("" : "+v"(acc)); }
  // factor is -127 .. 128: 128 takes a second product.
  static QNNP_INLINE void correct(Acc (&acc)[4], const Data (&data)[4], int32_t factor) {
    const auto add = [&](int32_t code) QNNP_LAMBDA {
      const int32_t codes = static_cast<int32_t>(0x01010101u * static_cast<uint8_t>(code));
      unroll<4>([&](auto i) QNNP_LAMBDA { acc[i] = dot_same(acc[i], data[i], codes); });
    };
    add(min(factor, 127));
    if (factor > 127) add(1);
  }
};

}  // namespace
}  // namespace qnnp
