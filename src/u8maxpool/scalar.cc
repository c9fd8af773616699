// SPDX-License-Identifier: BSD-3-Clause
#include "u8maxpool/u8maxpool.h"

namespace qnnp {
namespace {

// A few channels at a time so that compilers vectorize.
struct ScalarMaxBlock {
  static constexpr size_t kChannels = 16;

  static QNNP_INLINE void run(const Window& window, const MaxPoolParams& params, uint8_t* c) {
    channels(window, params, c, kChannels);
  }
  static QNNP_INLINE void run_short(const Window& window, const MaxPoolParams& params, uint8_t* c,
                                    size_t n) {
    channels(window, params, c, n);
  }

 private:
  static QNNP_INLINE void channels(const Window& window, const MaxPoolParams& params, uint8_t* c,
                                   size_t n) {
    uint8_t most[kChannels] = {};
    for (size_t row = 0; row < window.rows; row++) {
      const uint8_t* p = window.p + row * window.row_stride;
      for (size_t col = 0; col < window.cols; col++, p += window.stride) {
        for (size_t i = 0; i < n; i++) {
          most[i] = max(most[i], static_cast<uint8_t>(p[i] ^ params.flip));
        }
      }
    }
    for (size_t i = 0; i < n; i++) {
      c[i] = static_cast<uint8_t>(min(max(most[i], params.min), params.max) ^ params.flip);
    }
  }
};

void max_pool(const MaxPoolArgs& args) {
  pool_row<UniformPooler<ScalarMaxBlock>>(args.row, args.params);
}

}  // namespace

const MaxPoolKernel u8maxpool__scalar = {"scalar", Isa::scalar, max_pool};

}  // namespace qnnp
