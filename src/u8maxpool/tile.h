// SPDX-License-Identifier: BSD-3-Clause
// The largest pixel of a window for vectors of bytes (isa/bytes.h).
#pragma once

#include "u8maxpool/u8maxpool.h"

namespace qnnp {
namespace {

// Windows of ROWS x COLS pixels; 0: of any size.
template <class I, size_t ROWS, size_t COLS>
struct MaxBlock {
  using V = typename I::V;
  static constexpr int kVectors = 2;
  static constexpr size_t kChannels = kVectors * I::kBytes;

  static QNNP_INLINE void run(const Window& window, const MaxPoolParams& params, uint8_t* c) {
    vectors<kVectors>(
        window, params, [](const uint8_t* p) QNNP_LAMBDA { return I::load(p); },
        [c](int j, V v) QNNP_LAMBDA { I::store(c + j * I::kBytes, v); });
  }
  static QNNP_INLINE void run_short(const Window& window, const MaxPoolParams& params, uint8_t* c,
                                    size_t n) {
    size_t done = 0;
    if (n >= I::kBytes) {
      vectors<1>(
          window, params, [](const uint8_t* p) QNNP_LAMBDA { return I::load(p); },
          [c](int, V v) QNNP_LAMBDA { I::store(c, v); });
      done = I::kBytes;
    }
    const size_t rest = n - done;
    if (rest == 0) return;
    vectors<1>(
        window.from(done), params,
        [rest](const uint8_t* p) QNNP_LAMBDA { return I::load_short(p, rest); },
        [=](int, V v) QNNP_LAMBDA { I::store_short(c + done, v, rest); });
  }

 private:
  template <int NV, class Load, class Store>
  static QNNP_INLINE void vectors(const Window& w, const MaxPoolParams& params, Load load,
                                  Store store) {
    const size_t rows = ROWS == 0 ? w.rows : ROWS, cols = COLS == 0 ? w.cols : COLS;
    const V flip = I::set8(params.flip);
    V most[NV];
    unroll<NV>([&](auto j) QNNP_LAMBDA { most[j] = I::zero(); });
    for (size_t row = 0; row < rows; row++) {
      const uint8_t* p = w.p + row * w.row_stride;
      for (size_t col = 0; col < cols; col++, p += w.stride) {
        unroll<NV>([&](auto j) QNNP_LAMBDA {
          most[j] = I::max8(most[j], I::bit_xor(load(p + j * I::kBytes), flip));
        });
      }
    }
    const V low = I::set8(params.min), high = I::set8(params.max);
    unroll<NV>([&](auto j) QNNP_LAMBDA {
      store(j, I::bit_xor(I::min8(I::max8(most[j], low), high), flip));
    });
  }
};

// The windows of most networks have their numbers in the code.
template <class I>
struct MaxPooler {
  static QNNP_INLINE void span(const Window& window, size_t pixels, size_t step, size_t channels,
                               const MaxPoolParams& params, uint8_t* c, size_t c_stride) {
    if (window.rows == 3 && window.cols == 3) {
      pool_span<MaxBlock<I, 3, 3>>(window, pixels, step, channels, params, c, c_stride);
    } else if (window.rows == 2 && window.cols == 2) {
      pool_span<MaxBlock<I, 2, 2>>(window, pixels, step, channels, params, c, c_stride);
    } else {
      pool_span<MaxBlock<I, 0, 0>>(window, pixels, step, channels, params, c, c_stride);
    }
  }
};

template <class Pooler>
void max_pool(const MaxPoolArgs& args) {
  pool_row<Pooler>(args.row, args.params);
}

}  // namespace

#define QNNP_DEFINE_U8MAXPOOL(Pooler, isa) \
  const MaxPoolKernel u8maxpool__##isa = {#isa, Isa::isa, max_pool<Pooler>};

}  // namespace qnnp
