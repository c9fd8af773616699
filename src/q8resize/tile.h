// SPDX-License-Identifier: BSD-3-Clause
// The one vector body, over bytes.h and what <isa>.cc adds to it:
//   from_int(v), to_int(f)       the 32-bit integers of v as floats; floats towards zero
//   mul(a, b), add(a, b)         of floats
// Coarse fractions, those of all usual factors, need integers of 16 bits only: with weights in
// units of 2^-7 the mean of two columns is at most 255 * 2^7 < 2^15, and that of two rows 2^22.
#pragma once

#include "isa/short_loads.h"
#include "q8resize/scalar_pixel.h"

namespace qnnp {
namespace {

template <class I>
struct FineMean {
  typename I::F w[4], half;

  QNNP_INLINE FineMean(double y, double x) : half(I::set_float(0.5f)) {
    const ResizeWeights weights(y, x);
    unroll<4>([&](auto k) QNNP_LAMBDA { w[k] = I::set_float(weights.w[k]); });
  }
  // 32-bit lanes.
  QNNP_INLINE typename I::V mean32(const typename I::V (&p)[4]) const {
    typename I::F sum = I::mul(I::from_int(p[0]), w[0]);
    unroll<3>([&](auto k)
                  QNNP_LAMBDA { sum = I::add(sum, I::mul(I::from_int(p[k + 1]), w[k + 1])); });
    return I::to_int(I::add(sum, half));
  }
  // 16-bit lanes.
  QNNP_INLINE typename I::V mean16(const typename I::V (&p)[4]) const {
    typename I::V low[4], high[4];
    unroll<4>([&](auto k) QNNP_LAMBDA {
      low[k] = I::lower16(p[k]);
      high[k] = I::upper16(p[k]);
    });
    return I::pack32(mean32(low), mean32(high));
  }
  QNNP_INLINE typename I::V operator()(const typename I::V (&p)[4]) const {
    typename I::V low[4], high[4];
    unroll<4>([&](auto k) QNNP_LAMBDA {
      low[k] = I::lower8(p[k]);
      high[k] = I::upper8(p[k]);
    });
    return I::pack16(mean16(low), mean16(high));
  }
};

template <class I>
struct CoarseMean {
  using V = typename I::V;
  V columns, rows, half;

  QNNP_INLINE CoarseMean(double y, double x)
      : columns(pair(x)), rows(pair(y)), half(I::set32(1 << 13)) {}
  // Weights of two 16-bit neighbours.
  static QNNP_INLINE V pair(double fraction) {
    const int32_t second = static_cast<int32_t>(fraction * 128);
    return I::set32((128 - second) | second << 16);
  }
  // Bytes of two columns in turn -> 16-bit means, times 2^7.
  QNNP_INLINE V mean_of_columns(V bytes) const {
    return I::pack32(I::add_products(I::zero(), I::lower8(bytes), columns),
                     I::add_products(I::zero(), I::upper8(bytes), columns));
  }
  QNNP_INLINE V mean_of_rows(V top, V bottom) const {
    const auto mean = [&](V words) QNNP_LAMBDA {
      return I::template shift_right32<14>(I::add_products(half, words, rows));
    };
    return I::pack32(mean(I::lower16(top, bottom)), mean(I::upper16(top, bottom)));
  }
  QNNP_INLINE V operator()(const V (&p)[4]) const {
    return I::pack16(mean_of_rows(mean_of_columns(I::lower8(p[0], p[1])),
                                  mean_of_columns(I::lower8(p[2], p[3]))),
                     mean_of_rows(mean_of_columns(I::upper8(p[0], p[1])),
                                  mean_of_columns(I::upper8(p[2], p[3]))));
  }
};

// n channels of one pixel. The last vector lies over the one before.
template <class I, bool FLIP, class Mean>
QNNP_INLINE void resize_pixel(const ResizeSource& source, const Mean& mean, typename I::V flip,
                              size_t n, uint8_t* c) {
  const auto vector = [&](auto load) QNNP_LAMBDA {
    typename I::V p[4];
    unroll<4>([&](auto k) QNNP_LAMBDA {
      p[k] = load(source.p[k]);
      if (FLIP) p[k] = I::bit_xor(p[k], flip);
    });
    return FLIP ? I::bit_xor(mean(p), flip) : mean(p);
  };
  if (n < I::kBytes) {
    I::store_short(c, vector([&](const uint8_t* p) QNNP_LAMBDA { return I::load_short(p, n); }), n);
    return;
  }
  for (size_t i = 0;; i += I::kBytes) {
    if (i + I::kBytes > n) i = n - I::kBytes;
    I::store(c + i, vector([&](const uint8_t* p) QNNP_LAMBDA { return I::load(p + i); }));
    if (i + I::kBytes == n) return;
  }
}

template <class I, bool FLIP, class Mean>
QNNP_INLINE void resize_row(const ResizeArgs& t) {
  const typename I::V flip = I::set8(t.flip);
  for (size_t i = 0; i < t.pixels; i++) {
    const ResizeTap column = t.columns[i];
    resize_pixel<I, FLIP>(resize_source(t, column), Mean(t.fraction, column.fraction), flip, t.n,
                          t.c + i * t.c_stride);
  }
}

// Four channels of a pixel, or fewer, in the lanes of a short vector.
struct FewChannels {
  using Floats = float __attribute__((vector_size(16)));
  using Ints = int32_t __attribute__((vector_size(16)));
  using Bytes = uint8_t __attribute__((vector_size(4)));

  static QNNP_INLINE Floats load(const uint8_t* p, size_t n, uint32_t flips) {
    const uint32_t word = (n < 4 ? load_u32_short(p, n) : load_u32(p)) ^ flips;
    Bytes bytes;
    memcpy(&bytes, &word, sizeof(bytes));
    return __builtin_convertvector(bytes, Floats);
  }
  static QNNP_INLINE void store(uint8_t* c, uint32_t word, size_t n) {
    if (n >= 4) {
      memcpy(c, &word, 4);
      return;
    }
    if (n >= 2) memcpy(c, &word, 2);
    if (n % 2 != 0) c[n - 1] = static_cast<uint8_t>(word >> 8 * (n - 1));
  }
  static QNNP_INLINE void mean(const ResizeSource& s, size_t first, size_t n,
                               const ResizeWeights& weights, uint32_t flips, uint8_t* c) {
    Floats sum = load(s.p[0] + first, n, flips) * weights.w[0];
    unroll<3>([&](auto k)
                  QNNP_LAMBDA { sum += load(s.p[k + 1] + first, n, flips) * weights.w[k + 1]; });
    const Ints rounded = __builtin_convertvector(sum + 0.5f, Ints);
    const Bytes bytes = __builtin_convertvector(rounded, Bytes);
    uint32_t word;
    memcpy(&word, &bytes, sizeof(word));
    store(c + first, word ^ flips, n);
  }
};

// Rows of pixels with fewer channels than are worth a whole vector.
QNNP_INLINE void resize_few(const ResizeArgs& t) {
  const uint32_t flips = t.flip * 0x01010101u;
  for (size_t i = 0; i < t.pixels; i++) {
    const ResizeTap column = t.columns[i];
    const ResizeSource source = resize_source(t, column);
    const ResizeWeights weights(t.fraction, column.fraction);
    uint8_t* const c = t.c + i * t.c_stride;
    FewChannels::mean(source, 0, t.n, weights, flips, c);
    if (t.n > 4) FewChannels::mean(source, t.n - 4, 4, weights, flips, c);
  }
}

// Coarse: made as CoarseMean is, and as exact.
template <class I, class Coarse = CoarseMean<I>>
void resize(const ResizeArgs& args) {
  constexpr size_t kFewest = 6;  // channels that are worth a vector
  const ResizeArgs t = args;
  if (t.n < kFewest) {
    resize_few(t);
  } else if (!t.coarse) {
    resize_row<I, true, FineMean<I>>(t);
  } else if (t.flip == 0) {
    resize_row<I, false, Coarse>(t);
  } else {
    resize_row<I, true, Coarse>(t);
  }
}

}  // namespace

#define QNNP_DEFINE_Q8RESIZE(Traits, isa) \
  const ResizeKernel q8resize__##isa = {#isa, Isa::isa, resize<Traits>};

}  // namespace qnnp
