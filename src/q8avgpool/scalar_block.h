// SPDX-License-Identifier: BSD-3-Clause
// Means over a window in plain C++, a few channels at a time so that compilers vectorize.
#pragma once

#include "isa/scalar.h"
#include "q8avgpool/tile.h"

namespace qnnp {
namespace {

struct ScalarBlock {
  static constexpr size_t kChannels = 16;

  static QNNP_INLINE void run(const Window& window, const Mean& mean, uint8_t* c) {
    channels(window, mean, c, kChannels);
  }
  static QNNP_INLINE void run_short(const Window& window, const Mean& mean, uint8_t* c, size_t n) {
    channels(window, mean, c, n);
  }

 private:
  static QNNP_INLINE void channels(const Window& window, const Mean& mean, uint8_t* c, size_t n) {
    const int32_t flip = mean.flip;
    int32_t acc[kChannels];
    for (size_t i = 0; i < n; i++) acc[i] = sum_bias(window.rows * window.cols, mean.zero_point);
    for (size_t row = 0; row < window.rows; row++) {
      const uint8_t* p = window.p + row * window.row_stride;
      for (size_t col = 0; col < window.cols; col++, p += window.stride) {
        for (size_t i = 0; i < n; i++) acc[i] += p[i] ^ flip;
      }
    }
    for (size_t i = 0; i < n; i++) {
      c[i] = static_cast<uint8_t>(requantize(acc[i], mean.scale, mean.output) ^ flip);
    }
  }
};

struct ScalarMean {
  static QNNP_INLINE void row(const WindowRow& row, const Mean& mean) {
    pool_row<UniformPooler<ScalarBlock>>(row, mean);
  }
  static QNNP_INLINE void one(const Window& window, size_t channels, const Mean& mean, uint8_t* c) {
    pool_window<ScalarBlock>(window, channels, mean, c);
  }
};

}  // namespace
}  // namespace qnnp
