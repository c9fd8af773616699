// SPDX-License-Identifier: BSD-3-Clause
// Words that every file of the library may use. The floor of the house: includes nothing of ours.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

// Tiles must be inlined into their kernel whatever the optimizer's size estimate says.
#define QNNP_INLINE inline __attribute__((always_inline))

// From cmake: 1 in a library for phones, or with -DQNNPACK_SMALL=ON: where code could be there twice, it
// is not; 2 with -DQNNPACK_SMALL=MINIMAL: nor are kernels for special sizes.
#ifndef QNNP_SMALL
#define QNNP_SMALL 0
#endif
#define QNNP_LAMBDA __attribute__((always_inline))

namespace qnnp {

// Always inlined: files compiled for stronger processors must not emit a copy that the linker could
// keep for everybody.
template <class T>
constexpr QNNP_INLINE T min(T a, T b) {
  return b < a ? b : a;
}
template <class T>
constexpr QNNP_INLINE T max(T a, T b) {
  return a < b ? b : a;
}
constexpr QNNP_INLINE size_t ceil_div(size_t a, size_t b) { return a / b + (a % b != 0); }
constexpr QNNP_INLINE size_t round_up(size_t a, size_t b) { return ceil_div(a, b) * b; }

// A view of an array that lives elsewhere.
template <class T>
struct Span {
  T* data;
  size_t size;
  QNNP_INLINE T* begin() const { return data; }
  QNNP_INLINE T* end() const { return data + size; }
  QNNP_INLINE T& operator[](size_t i) const { return data[i]; }
};

// unroll<N>(f) calls f(0) ... f(N - 1), each with its number as a constant of the type Index<i>.
// Loops over a tile's registers are written with it: an array indexed by constants lives in
// registers, whatever the optimizer thinks of loops.
template <int I>
struct Index {
  constexpr QNNP_INLINE operator int() const { return I; }
};
template <int N, int I = 0, class F>
QNNP_INLINE void unroll(const F& f) {
  if constexpr (I < N) {
    f(Index<I>());
    unroll<N, I + 1>(f);
  }
}

}  // namespace qnnp
