// SPDX-License-Identifier: BSD-3-Clause
// The dot products of vpdpbusd for q8gemm/tile.h: four u8 x s8 products per 32-bit lane, exact (it
// does not saturate). Written once for vectors of 256 and 512 bits. W is a row of byte lanes
// (bytes.h) with
//   kIsa                     that of the kernels
//   dot(acc, u8, s8)         vpdpbusd
//   totals(v, more, factor, to)
//                            the sums of all 32-bit lanes of four vectors, each plus `more`, times
//                            the factor, modulo 2^32
//   kShortRow                unsigned rows of so many bytes at most are summed 16 at a time; 0: none
//   sum_short(a, stride, n, factor, to)
//                            the sums of n <= kShortRow bytes of each, times the factor
//   Output                   OutputParams in the shape that store_row wants
//   kStoredVectors           how many accumulators become bytes together: rows of few columns are
//                            stored several at a time
//   store_rows(acc, scale, output, c, n)
//                            requantizes those rows and stores their first n columns
//   kBounded                 whether that needs products below 2^31; others then go through
//                            store_limited(acc, scale, output, c, n), of a single accumulator
//   below_one(scale)         whether all scales of an accumulator are
//   kNarrows, rows_of(n)     whether a block's last columns get a tile of their own width; the rows
//                            of one that is n accumulators wide
//   kStepsTogether           steps in a turn of a low tile's loop
//   kTurnsRows               signed rows are copied as unsigned ones (q8gemm/turned_rows.h)
#pragma once

#include "isa/bytes.h"
#include "isa/dot.h"
#include "isa/short_loads.h"

namespace qnnp {
namespace {

template <class W, bool kFlip>
struct Vnni {
  static constexpr Isa kIsa = W::kIsa;
  static constexpr int kStep = 4, kCols = W::kBytes / 4;
  static constexpr WeightCode kCode = WeightCode::s8;
  static constexpr SlotOrder kOrder = SlotOrder::natural;
  using Acc = typename W::V;
  using Sum = typename W::V;
  using Output = typename W::Output;

  static QNNP_INLINE Acc bias(const int32_t* p) {
    return W::load(reinterpret_cast<const uint8_t*>(p));
  }
  static QNNP_INLINE Acc add(Acc acc, int32_t value) { return W::add32(acc, W::set32(value)); }
  // The XOR is one instruction with the broadcast, vpxord mem{1to16}. clang would XOR four bytes and
  // broadcast them from a register, three instructions; it must not know that the mask is a splat.
  static QNNP_INLINE Acc broadcast(uint32_t four) {
    const Acc a = W::set32(static_cast<int32_t>(four));
    if (!kFlip) return a;
    Acc mask = W::set8(0x80);
    __asm__("" : "+v"(mask));
    return W::bit_xor(a, mask);
  }

  static QNNP_INLINE Sum no_sum() { return W::zero(); }
  template <int R, class Pointers>
  static QNNP_INLINE void sum(Sum (&acc)[4], Pointers p, size_t n) {
#pragma GCC unroll 1
    for (; n >= W::kBytes; n -= W::kBytes, p.advance(W::kBytes)) {
      unroll<R>([&](auto i) QNNP_LAMBDA { acc[i] = add_bytes(acc[i], W::load(p.row(i))); });
    }
    if (n == 0) return;
    unroll<R>([&](auto i) QNNP_LAMBDA { acc[i] = add_bytes(acc[i], W::load_short(p.row(i), n)); });
  }
  static QNNP_INLINE void totals(const Sum (&acc)[4], size_t n, int32_t factor, int32_t* to) {
    W::totals(acc, unsigned_share(n), factor, to);
  }
  static constexpr size_t kShortRow = kFlip ? 0 : W::kShortRow;
  static QNNP_INLINE void sum_short(const uint8_t* a, size_t stride, size_t n, int32_t factor,
                                    int32_t* to) {
    W::sum_short(a, stride, n, factor, to);
  }
  // Signed bytes are summed as they are; each is 128 short of its unsigned value.
  static QNNP_INLINE int32_t unsigned_share(size_t n) {
    return kFlip ? static_cast<int32_t>(128 * n) : 0;
  }
  static QNNP_INLINE Sum add_bytes(Sum acc, Sum bytes) {
    return kFlip ? W::dot(acc, W::set8(1), bytes) : W::dot(acc, bytes, W::set8(1));
  }

  template <int MR, int NV, class Pointers>
  static QNNP_INLINE void step(Acc (&acc)[MR][NV], const Pointers& p, const uint8_t* b) {
    Acc weights[NV];
    unroll<NV>([&](auto j) QNNP_LAMBDA { weights[j] = W::load(b + W::kBytes * j); });
    unroll<MR>([&](auto i) QNNP_LAMBDA {
      const Acc a = broadcast(load_u32(p.row(i)));
      unroll<NV>([&](auto j) QNNP_LAMBDA { acc[i][j] = W::dot(acc[i][j], a, weights[j]); });
    });
  }

  static constexpr int kStoredVectors = W::kStoredVectors;
  static constexpr bool kNarrows = W::kNarrows;
  static constexpr int rows_of(int width) { return W::rows_of(width); }
  static constexpr int kStepsTogether = W::kStepsTogether;
  static constexpr bool kTurnsRows = W::kTurnsRows;
  // n bytes with their signs turned; what follows them, up to a vector, is written, too.
  static QNNP_INLINE void turn(uint8_t* to, const uint8_t* from, size_t n) {
    copy<true>(to, from, n);
  }
  template <bool kTurn>
  static QNNP_INLINE void copy(uint8_t* to, const uint8_t* from, size_t n) {
    const Acc mask = kTurn ? W::set8(0x80) : W::zero();
#pragma GCC unroll 4
    for (; n >= W::kBytes; n -= W::kBytes, from += W::kBytes, to += W::kBytes) {
      W::store(to, W::bit_xor(W::load(from), mask));
    }
    if (n != 0) W::store(to, W::bit_xor(W::load_short(from, n), mask));
  }
  static constexpr bool kBounded = W::kBounded;
  template <int R, int NV>
  static QNNP_INLINE void store(const Acc (&acc)[R][NV], const float* scale, const Output& out,
                                uint8_t* const (&c)[R], size_t n) {
    W::store_rows(acc, scale, out, c, n);
  }
  static QNNP_INLINE bool below_one(const float* scale) { return W::below_one(scale); }
  static QNNP_INLINE void store_limited(const int32_t* sums, const float* scale, const Output& out,
                                        uint8_t* c, size_t n) {
    W::store_limited(bias(sums), scale, out, c, n);
  }
  template <int NV>
  static QNNP_INLINE void spill(const Acc (&acc)[NV], int32_t* sums) {
    unroll<NV>([&](auto j)
                   QNNP_LAMBDA { W::store(reinterpret_cast<uint8_t*>(sums + kCols * j), acc[j]); });
  }
};

}  // namespace
}  // namespace qnnp
