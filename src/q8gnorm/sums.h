// SPDX-License-Identifier: BSD-3-Clause
// The sums of vectors of bytes (isa/bytes.h): a vector of channels runs over the pixels, two at a
// time, so that dot products of pairs add and square.
#pragma once

#include "q8gnorm/q8gnorm.h"

namespace qnnp {
namespace {

template <class I>
struct NormSums {
  using V = typename I::V;
  static constexpr int kQuarters = 4;
  V sum[kQuarters], square_sum[kQuarters];  // 32 bits, unsigned

  QNNP_INLINE NormSums() {
    unroll<kQuarters>([&](auto q) QNNP_LAMBDA { sum[q] = square_sum[q] = I::zero(); });
  }
  // Words of pixels p and q in turn.
  template <int Q>
  QNNP_INLINE void add_words(V pairs, V ones) {
    sum[Q] = I::add_products(sum[Q], pairs, ones);
    square_sum[Q] = I::add_products(square_sum[Q], pairs, pairs);
  }
  QNNP_INLINE void add(V p, V q, V ones) {
    const V p_lower = I::lower8(p), q_lower = I::lower8(q);
    const V p_upper = I::upper8(p), q_upper = I::upper8(q);
    add_words<0>(I::lower16(p_lower, q_lower), ones);
    add_words<1>(I::upper16(p_lower, q_lower), ones);
    add_words<2>(I::lower16(p_upper, q_upper), ones);
    add_words<3>(I::upper16(p_upper, q_upper), ones);
  }
  // Quarter q of each 128 bits of channels went to vector q.
  static QNNP_INLINE void flush(const V (&from)[kQuarters], uint64_t* to, size_t n) {
    alignas(64) uint32_t lanes[kQuarters][I::kBytes / 4];
    unroll<kQuarters>([&](auto q)
                          QNNP_LAMBDA { I::store(reinterpret_cast<uint8_t*>(lanes[q]), from[q]); });
    for (size_t c = 0; c < n; c++) to[c] += lanes[c % 16 / 4][c / 16 * 4 + c % 4];
  }
};

template <class I, class Load>
QNNP_INLINE void sum_channels(const NormSumArgs& args, size_t channel, size_t n, Load load) {
  constexpr size_t kRows = 65536;  // 65536 * 255^2 < 2^32
  const auto ones = I::set16(1);
  const auto x_flip = I::set8(args.x_flip);
  const auto pixel = [&](const uint8_t* p) QNNP_LAMBDA { return I::bit_xor(load(p), x_flip); };
  const uint8_t* p = args.x + channel;
  for (size_t left = args.rows; left != 0;) {
    const size_t rows = min(left, kRows);
    NormSums<I> sums;
    for (size_t i = 0; i + 2 <= rows; i += 2, p += 2 * args.x_stride) {
      sums.add(pixel(p), pixel(p + args.x_stride), ones);
    }
    if (rows % 2 != 0) sums.add(pixel(p), I::zero(), ones);
    NormSums<I>::flush(sums.sum, args.sum + channel, n);
    NormSums<I>::flush(sums.square_sum, args.square_sum + channel, n);
    left -= rows;
  }
}

template <class I>
void norm_sums(const NormSumArgs& args) {
  memset(args.sum, 0, args.n * sizeof(uint64_t));
  memset(args.square_sum, 0, args.n * sizeof(uint64_t));
  size_t c = 0;
  for (; c + I::kBytes <= args.n; c += I::kBytes) {
    sum_channels<I>(args, c, I::kBytes, [](const uint8_t* p) QNNP_LAMBDA { return I::load(p); });
  }
  const size_t rest = args.n - c;
  if (rest == 0) return;
  sum_channels<I>(args, c, rest,
                  [rest](const uint8_t* p) QNNP_LAMBDA { return I::load_short(p, rest); });
}

}  // namespace
}  // namespace qnnp
