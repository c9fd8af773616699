// SPDX-License-Identifier: BSD-3-Clause
// What pairs.h and quads.h share: depthwise blocks (tile.h, buffer.h) over a row of byte lanes with
// floats (isa/floats.h), as many channels as it has bytes. Interleaving works within 128-bit lanes:
// vector i holds channels 4 i .. 4 i + 3 of every 16, and packing the results puts them in order
// again.
#pragma once

#include "isa/floats.h"
#include "q8dwconv/buffer.h"

namespace qnnp {
namespace {

template <class I>
struct ByteBlocksOutput {
  using V = typename I::V;
  typename I::F high;
  V zero_point, low, highest, flip;  // s16; u8: output_min, output_max; u8
  QNNP_INLINE explicit ByteBlocksOutput(const OutputParams& output)
      : high(I::set_float(output.high)),
        zero_point(I::set16(static_cast<int16_t>(output.zero_point))),
        low(I::set8(lowest_byte(output))),
        highest(I::set8(highest_byte(output))),
        flip(I::set8(output.flip)) {}
};

template <class I, bool kFlip>
struct ByteBlocks {
  static constexpr Isa kIsa = I::kIsa;
  static constexpr int kBlock = I::kBytes, kVectors = 4, kLanes = kBlock / 16;
  static constexpr bool kStrips = false;
  using V = typename I::V;
  using Acc = V;
  using Data = V;
  using Words = V;
  using Output = ByteBlocksOutput<I>;

  static QNNP_INLINE Acc start_vector(const int32_t* bias) {
    return I::load(reinterpret_cast<const uint8_t*>(bias));
  }
  static QNNP_INLINE void start(Acc (&acc)[4], const int32_t* bias) {
    unroll<4>([&](auto i) QNNP_LAMBDA { acc[i] = start_vector(bias + kBlock / 4 * i); });
  }

  template <class Size>
  static QNNP_INLINE V load(const uint8_t* p, Size n) {
    const V bytes = n == kBlock ? I::load(p) : I::load_short(p, n);
    return kFlip ? I::bit_xor(bytes, I::set8(0x80)) : bytes;
  }

  // For DwconvFormat::bounded: bytes() limits what the products give.
  static QNNP_INLINE Words words(Acc acc0, Acc acc1, const float* scale, const Output& out) {
    const V x0 = I::scaled(acc0, I::load_floats(scale));
    const V x1 = I::scaled(acc1, I::load_floats(scale + kBlock / 4));
    return I::saturating_add16(I::pack32(x0, x1), out.zero_point);
  }
  static QNNP_INLINE Words limited_words(Acc acc0, Acc acc1, const float* scale,
                                         const Output& out) {
    const V x0 = I::scaled(acc0, I::load_floats(scale), out.high);
    const V x1 = I::scaled(acc1, I::load_floats(scale + kBlock / 4), out.high);
    return I::saturating_add16(I::pack32(x0, x1), out.zero_point);
  }
  static QNNP_INLINE V bytes(const Words (&words)[2], const Output& out) {
    const V limited = I::min8(I::pack16(words[0], words[1]), out.highest);
    return I::bit_xor(I::max8(limited, out.low), out.flip);
  }
  static QNNP_INLINE void store_bytes(V bytes, uint8_t* c) { I::store(c, bytes); }
  static QNNP_INLINE void copy_short(uint8_t* c, const uint8_t* bytes, size_t n) {
    I::store_short(c, I::load(bytes), n);
  }

  template <class Size>
  static QNNP_INLINE void store(const Acc (&acc)[4], const float* scale, const Output& out,
                                uint8_t* c, Size n) {
    const V result = bytes({limited_words(acc[0], acc[1], scale, out),
                            limited_words(acc[2], acc[3], scale + kBlock / 2, out)},
                           out);
    if (n == kBlock) {
      store_bytes(result, c);
    } else {
      I::store_short(c, result, n);
    }
  }
};

}  // namespace
}  // namespace qnnp
