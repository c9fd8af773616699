// SPDX-License-Identifier: BSD-3-Clause
// The loops of families that work byte by byte, over vectors of bytes (bytes.h): c[i] = op(a[i]) or
// op(a[i], b[i]) for n bytes. c may be a or b. All vectors that a turn of the loop takes are loaded
// before one is stored: pairs of loads and of stores are one instruction on AArch64.
#pragma once

#include "isa/bytes.h"

namespace qnnp {
namespace {

// work(i) for the first byte of each whole vector, VECTORS a turn; returns where what remains begins.
template <class I, int VECTORS, class Work>
QNNP_INLINE size_t for_whole_vectors(size_t n, const Work& work) {
  size_t i = 0;
  if constexpr (VECTORS > 1) {
    for (; i + VECTORS * I::kBytes <= n; i += VECTORS * I::kBytes) {
      unroll<VECTORS>([&](auto j) QNNP_LAMBDA { work(i + j * I::kBytes); });
    }
  }
  for (; i + I::kBytes <= n; i += I::kBytes) work(i);
  return i;
}

// Whole turns of VECTORS vectors from *done on.
template <class I, int VECTORS, class Op>
QNNP_INLINE void map_vectors(const uint8_t* a, uint8_t* c, size_t n, size_t* done, const Op& op) {
  constexpr size_t kTurn = VECTORS * I::kBytes;
  size_t i = *done;
  for (; i + kTurn <= n; i += kTurn) {
    typename I::V x[VECTORS];
    unroll<VECTORS>([&](auto j) QNNP_LAMBDA { x[j] = I::load(a + i + j * I::kBytes); });
    unroll<VECTORS>([&](auto j) QNNP_LAMBDA { x[j] = op(x[j]); });
    unroll<VECTORS>([&](auto j) QNNP_LAMBDA { I::store(c + i + j * I::kBytes, x[j]); });
  }
  *done = i;
}
template <class I, int VECTORS, class Op>
QNNP_INLINE void map_vectors(const uint8_t* a, const uint8_t* b, uint8_t* c, size_t n, size_t* done,
                             const Op& op) {
  constexpr size_t kTurn = VECTORS * I::kBytes;
  size_t i = *done;
  for (; i + kTurn <= n; i += kTurn) {
    typename I::V x[VECTORS], y[VECTORS];
    unroll<VECTORS>([&](auto j) QNNP_LAMBDA { x[j] = I::load(a + i + j * I::kBytes); });
    unroll<VECTORS>([&](auto j) QNNP_LAMBDA { y[j] = I::load(b + i + j * I::kBytes); });
    unroll<VECTORS>([&](auto j) QNNP_LAMBDA { x[j] = op(x[j], y[j]); });
    unroll<VECTORS>([&](auto j) QNNP_LAMBDA { I::store(c + i + j * I::kBytes, x[j]); });
  }
  *done = i;
}

// A row so long that its stores had better be aligned: where every one of them touches two cache
// lines, as wide vectors do, it takes half as long again (doc/performance.md).
constexpr size_t kLongRow = 1024;

template <class I>
QNNP_INLINE size_t bytes_to_aligned(const uint8_t* c, size_t n) {
  return n < kLongRow || I::kBytes < 32 ? 0 : -reinterpret_cast<uintptr_t>(c) % I::kBytes;
}
// The first vectors of such a row, up to where stores are aligned; returns what is done. They
// overlap: both are loaded before one is stored, because c may be an input.
template <class I, class Op>
QNNP_INLINE size_t map_first(const uint8_t* a, uint8_t* c, size_t n, const Op& op) {
  const size_t head = bytes_to_aligned<I>(c, n);
  if (head == 0) return 0;
  const typename I::V first = I::load(a), second = I::load(a + head);
  I::store(c, op(first));
  I::store(c + head, op(second));
  return head + I::kBytes;
}
template <class I, class Op>
QNNP_INLINE size_t map_first(const uint8_t* a, const uint8_t* b, uint8_t* c, size_t n,
                             const Op& op) {
  const size_t head = bytes_to_aligned<I>(c, n);
  if (head == 0) return 0;
  const typename I::V first = I::load(a), second = I::load(a + head);
  const typename I::V first_b = I::load(b), second_b = I::load(b + head);
  I::store(c, op(first, first_b));
  I::store(c + head, op(second, second_b));
  return head + I::kBytes;
}

// VECTORS at once: long operations run out of registers with more than two.
template <class I, int VECTORS = I::kVectors, class Op>
QNNP_INLINE void map_bytes(const uint8_t* a, uint8_t* c, size_t n, const Op& op) {
  size_t i = map_first<I>(a, c, n, op);
  if constexpr (VECTORS > 1) map_vectors<I, VECTORS>(a, c, n, &i, op);
  map_vectors<I, 1>(a, c, n, &i, op);
  const size_t rest = n - i;
  if (rest != 0) I::store_short(c + i, op(I::load_short(a + i, rest)), rest);
}
template <class I, int VECTORS = I::kVectors, class Op>
QNNP_INLINE void map_bytes(const uint8_t* a, const uint8_t* b, uint8_t* c, size_t n, const Op& op) {
  size_t i = map_first<I>(a, b, c, n, op);
  if constexpr (VECTORS > 1) map_vectors<I, VECTORS>(a, b, c, n, &i, op);
  map_vectors<I, 1>(a, b, c, n, &i, op);
  const size_t rest = n - i;
  if (rest != 0) {
    I::store_short(c + i, op(I::load_short(a + i, rest), I::load_short(b + i, rest)), rest);
  }
}

}  // namespace
}  // namespace qnnp
