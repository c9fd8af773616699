// SPDX-License-Identifier: BSD-3-Clause
// Means over a window for vectors of bytes (isa/bytes.h). Sums run in unsigned 16 bits for as many
// pixels as those hold, then move to 32 bits.
#pragma once

#include "q8avgpool/tile.h"

namespace qnnp {
namespace {

template <class I, int NV>
struct ChannelSums {
  using V = typename I::V;
  V acc[NV][4];  // 32 bits
  V sum[NV][2];  // 16 bits, unsigned

  QNNP_INLINE explicit ChannelSums(int32_t bias) {
    unroll<NV>([&](auto j) QNNP_LAMBDA {
      unroll<4>([&](auto q) QNNP_LAMBDA { acc[j][q] = I::set32(bias); });
      sum[j][0] = sum[j][1] = I::zero();
    });
  }
  template <class Load>
  QNNP_INLINE void add_pixel(const uint8_t* p, Load load) {
    unroll<NV>([&](auto j) QNNP_LAMBDA {
      const V v = load(p + j * I::kBytes);
      sum[j][0] = I::add16(sum[j][0], I::lower8(v));
      sum[j][1] = I::add16(sum[j][1], I::upper8(v));
    });
  }
  QNNP_INLINE void widen() {
    unroll<NV>([&](auto j) QNNP_LAMBDA {
      unroll<2>([&](auto h) QNNP_LAMBDA {
        acc[j][2 * h] = I::add32(acc[j][2 * h], I::lower16(sum[j][h]));
        acc[j][2 * h + 1] = I::add32(acc[j][2 * h + 1], I::upper16(sum[j][h]));
        sum[j][h] = I::zero();
      });
    });
  }
  // Packing undoes the interleaving of add_pixel and widen.
  QNNP_INLINE V bytes(int j, const Mean& mean) const {
    const typename I::F scale = I::set_float(mean.scale), high = I::set_float(mean.output.high);
    const V zero_point = I::set16(static_cast<int16_t>(mean.output.zero_point));
    const V low = I::set8(
        static_cast<uint8_t>(static_cast<int32_t>(mean.output.low) + mean.output.zero_point));
    V words[2];
    unroll<2>([&](auto h) QNNP_LAMBDA {
      words[h] = I::saturating_add16(I::pack32(I::scaled(acc[j][2 * h], scale, high),
                                               I::scaled(acc[j][2 * h + 1], scale, high)),
                                     zero_point);
    });
    return I::bit_xor(I::max8(I::pack16(words[0], words[1]), low), I::set8(mean.flip));
  }
};

template <class I, int NV, class Load>
QNNP_INLINE ChannelSums<I, NV> sum_window(const Window& window, int32_t zero_point, Load load) {
  constexpr size_t kPixels = 257;  // 257 * 255 = 65535
  ChannelSums<I, NV> sums(sum_bias(window, zero_point));
  size_t room = kPixels;
  for (size_t row = 0; row < window.rows; row++) {
    const uint8_t* p = window.p + row * window.row_stride;
    for (size_t left = window.cols; left != 0;) {
      const size_t count = min(left, room);
      for (size_t i = 0; i < count; i++, p += window.stride) sums.add_pixel(p, load);
      left -= count;
      room -= count;
      if (room == 0) {
        sums.widen();
        room = kPixels;
      }
    }
  }
  sums.widen();
  return sums;
}

template <class I>
struct VectorBlock {
  static constexpr int kVectors = 2;
  static constexpr size_t kChannels = kVectors * I::kBytes;

  static QNNP_INLINE void run(const Window& window, const Mean& mean, uint8_t* c) {
    const typename I::V flip = I::set8(mean.flip);
    const auto load = [flip](const uint8_t* p) QNNP_LAMBDA { return I::bit_xor(I::load(p), flip); };
    const auto sums = sum_window<I, kVectors>(window, mean.zero_point, load);
    unroll<kVectors>([&](auto j) QNNP_LAMBDA { I::store(c + j * I::kBytes, sums.bytes(j, mean)); });
  }
  static QNNP_INLINE void run_short(const Window& window, const Mean& mean, uint8_t* c, size_t n) {
    const typename I::V flip = I::set8(mean.flip);
    const auto load = [flip](const uint8_t* p) QNNP_LAMBDA { return I::bit_xor(I::load(p), flip); };
    size_t done = 0;
    if (n >= I::kBytes) {
      I::store(c, sum_window<I, 1>(window, mean.zero_point, load).bytes(0, mean));
      done = I::kBytes;
    }
    const size_t rest = n - done;
    if (rest == 0) return;
    const auto load_rest = [flip, rest](const uint8_t* p)
                               QNNP_LAMBDA { return I::bit_xor(I::load_short(p, rest), flip); };
    const auto sums = sum_window<I, 1>(window.from(done), mean.zero_point, load_rest);
    I::store_short(c + done, sums.bytes(0, mean), rest);
  }
};

}  // namespace
}  // namespace qnnp
