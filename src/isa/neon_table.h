// SPDX-License-Identifier: BSD-3-Clause
// NEON: lookup in up to 256 bytes, 16 indices at once. TBL looks up 64 entries, and TBX keeps what it
// finds no entry for: the index is 64 less for each further piece.
#pragma once

#include <arm_neon.h>

#include "base/common.h"

namespace qnnp {
namespace {

// Tables of PIECES * 64 bytes; what lies beyond is 0.
#if defined(__aarch64__)

template <int PIECES>
struct NeonTable {
  uint8x16x4_t piece[PIECES];

  QNNP_INLINE explicit NeonTable(const uint8_t* bytes) {
    unroll<PIECES>([&](auto i) QNNP_LAMBDA {
      unroll<4>([&](auto j) QNNP_LAMBDA { piece[i].val[j] = vld1q_u8(bytes + 64 * i + 16 * j); });
    });
  }
  QNNP_INLINE uint8x16_t operator()(uint8x16_t x) const {
    uint8x16_t y = vqtbl4q_u8(piece[0], x);
    unroll<PIECES - 1>([&](auto i) QNNP_LAMBDA {
      x = vsubq_u8(x, vdupq_n_u8(64));
      y = vqtbx4q_u8(y, piece[i + 1], x);
    });
    return y;
  }
};

#else  // 32 entries, 8 indices

template <int PIECES>
struct NeonTable {
  uint8x8x4_t piece[2 * PIECES];

  QNNP_INLINE explicit NeonTable(const uint8_t* bytes) {
    unroll<2 * PIECES>([&](auto i) QNNP_LAMBDA {
      unroll<4>([&](auto j) QNNP_LAMBDA { piece[i].val[j] = vld1_u8(bytes + 32 * i + 8 * j); });
    });
  }
  QNNP_INLINE uint8x8_t eight(uint8x8_t x) const {
    uint8x8_t y = vtbl4_u8(piece[0], x);
    unroll<2 * PIECES - 1>([&](auto i) QNNP_LAMBDA {
      x = vsub_u8(x, vdup_n_u8(32));
      y = vtbx4_u8(y, piece[i + 1], x);
    });
    return y;
  }
  QNNP_INLINE uint8x16_t operator()(uint8x16_t x) const {
    return vcombine_u8(eight(vget_low_u8(x)), eight(vget_high_u8(x)));
  }
};

#endif

}  // namespace
}  // namespace qnnp
