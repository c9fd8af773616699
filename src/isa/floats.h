// SPDX-License-Identifier: BSD-3-Clause
// A row of byte lanes (bytes.h) as four vectors of floats: what families at the border between
// bytes and floats are written in. avx2_floats.h, avx512_floats.h and neon_floats.h derive a struct
// from the bytes' one, with
//   kFloats                 kBytes / 4: floats of a vector
//   load_floats(p), store_floats(p, f)
//                           kFloats of them, not aligned to the vector
//   spread(v, f, offset(z)) unsigned bytes - z -> f[0..3], in order, exact
//   join(f, zero_point)     the opposite: each rounded half to even, plus zero_point (set16: 0 to
//                           255), saturated to unsigned bytes; for f < 2^14, however negative
//   sub, mul, div, least    rounded once; least(a, b) is the smaller of two numbers
//   known(f)                f, 0 where it is not a number, if join does not take it for 0
//   where_negative(d, a, b) d < 0 ? a : b
#pragma once

#include "isa/bytes.h"
#include "requantization/output.h"

namespace qnnp {
namespace {

// What join may give at most: limited as floats before it, or as bytes after it where any float
// saturates.
template <class I>
struct UpperLimit {
  typename I::F limit;

  QNNP_INLINE explicit UpperLimit(const OutputParams& output) : limit(I::set_float(output.high)) {}
  QNNP_INLINE typename I::F floats(typename I::F f) const { return I::least(f, limit); }
  QNNP_INLINE typename I::V bytes(typename I::V v) const { return v; }
};

// The first n < 4 * kFloats of four vectors, in and out: nothing beyond is touched.
template <class I>
struct ShortFloats {
  float values[4 * I::kFloats] = {};

  QNNP_INLINE ShortFloats() = default;
  QNNP_INLINE ShortFloats(const float* p, size_t n) { memcpy(values, p, n * sizeof(float)); }
  QNNP_INLINE void store(float* p, size_t n) const { memcpy(p, values, n * sizeof(float)); }
};

}  // namespace
}  // namespace qnnp
