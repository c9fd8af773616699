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
  bool limited, turned;              // not the whole range of bytes; signed
  QNNP_INLINE explicit ByteBlocksOutput(const OutputParams& output)
      : high(I::set_float(output.high)),
        zero_point(I::set16(static_cast<int16_t>(output.zero_point))),
        low(I::set8(lowest_byte(output))),
        highest(I::set8(highest_byte(output))),
        flip(I::set8(output.flip)),
        limited(lowest_byte(output) != 0 || highest_byte(output) != 255),
        turned(output.flip != 0) {}
};

template <class I, bool kFlip>
struct ByteBlocks {
  static constexpr Isa kIsa = I::kIsa;
  static constexpr int kBlock = I::kBytes, kVectors = 4, kLanes = kBlock / 16;
  static constexpr int kSegments = max(2, kLanes);
  static constexpr int kFed = kBlock == 64 ? 5 : 3;  // of 32 bytes, 5x5 at stride 2 got slower
  static constexpr bool kFlips = kFlip;
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

  template <int SEGMENTS, class Size>
  static QNNP_INLINE V load_segments(const uint8_t* p, ptrdiff_t apart, Size n) {
    const V bytes = n == kBlock / SEGMENTS ? I::template load_apart<SEGMENTS>(p, apart)
                                           : I::template load_apart<SEGMENTS>(p, apart, n);
    return kFlip ? I::bit_xor(bytes, I::set8(0x80)) : bytes;
  }

  // Of a column, every segment in the place of the next one or of the one before; `fill` where
  // there is none.
  static QNNP_INLINE void shift(const V (&from)[4], V fill, int segments, bool up, V (&to)[4]) {
    if constexpr (kLanes == 1) {  // of eight channels: those of two vectors
      const V first[2] = {from[0], from[1]}, second[2] = {from[2], from[3]};
      unroll<2>([&](auto i) QNNP_LAMBDA {
        to[i] = up ? fill : second[i];
        to[i + 2] = up ? first[i] : fill;
      });
    } else {
      unroll<4>([&](auto i) QNNP_LAMBDA {
        to[i] = kSegments == segments ? I::template shift_parts<kSegments>(from[i], fill, up)
                                      : I::template shift_parts<2>(from[i], fill, up);
      });
    }
  }

  // For DwconvFormat::bounded: limit() does what bytes() leaves.
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
  static QNNP_INLINE V bytes(const Words (&words)[2]) { return I::pack16(words[0], words[1]); }
  template <int N>
  static QNNP_INLINE void limit(V (&bytes)[N], const Output& out) {
    if (out.limited) {
      unroll<N>([&](auto i)
                    QNNP_LAMBDA { bytes[i] = I::max8(I::min8(bytes[i], out.highest), out.low); });
    }
    if (out.turned) {
      unroll<N>([&](auto i) QNNP_LAMBDA { bytes[i] = I::bit_xor(bytes[i], out.flip); });
    }
  }
  static QNNP_INLINE void store_bytes(V bytes, uint8_t* c) { I::store(c, bytes); }
  // Equal parts, `apart` bytes apart.
  static QNNP_INLINE void store_segments(V bytes, uint8_t* c, int segments, ptrdiff_t apart) {
    if (segments == 2) {
      store_parts<2>(bytes, c, apart);
    } else {
      store_parts<kSegments>(bytes, c, apart);
    }
  }
  static QNNP_INLINE void copy_short(uint8_t* c, const uint8_t* bytes, size_t n) {
    I::store_short(c, I::load(bytes), n);
  }

  template <class Size>
  static QNNP_INLINE void store(const Acc (&acc)[4], const float* scale, const Output& out,
                                uint8_t* c, Size n) {
    V result[1] = {bytes({limited_words(acc[0], acc[1], scale, out),
                          limited_words(acc[2], acc[3], scale + kBlock / 2, out)})};
    limit(result, out);
    if (n == kBlock) {
      store_bytes(result[0], c);
    } else {
      I::store_short(c, result[0], n);
    }
  }

 private:
  template <int N>
  static QNNP_INLINE void store_parts(V bytes, uint8_t* c, ptrdiff_t apart) {
    unroll<N>([&](auto i) QNNP_LAMBDA {
      constexpr size_t kPart = kBlock / N;
      memcpy(c + i * apart, reinterpret_cast<const uint8_t*>(&bytes) + i * kPart, kPart);
    });
  }
};

}  // namespace
}  // namespace qnnp
