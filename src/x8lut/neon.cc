// SPDX-License-Identifier: BSD-3-Clause
// TBL looks up 64 entries, and TBX keeps what it finds no entry for: four pieces of the table, the
// index 64 less for each. AArch64 alone: AArch32 looks up 32 entries, and cannot hold the table.
#if defined(__aarch64__)
#include "isa/neon_bytes.h"
#include "x8lut/tile.h"

namespace qnnp {
namespace {

struct NeonTable {
  using I = NeonBytes;
  uint8x16x4_t piece[4];

  QNNP_INLINE explicit NeonTable(const uint8_t* bytes) {
    unroll<4>([&](auto i) QNNP_LAMBDA {
      unroll<4>([&](auto j) QNNP_LAMBDA { piece[i].val[j] = vld1q_u8(bytes + 64 * i + 16 * j); });
    });
  }

  QNNP_INLINE uint8x16_t operator()(uint8x16_t x) const {
    const uint8x16_t step = vdupq_n_u8(64);
    uint8x16_t y = vqtbl4q_u8(piece[0], x);
    unroll<3>([&](auto i) QNNP_LAMBDA {
      x = vsubq_u8(x, step);
      y = vqtbx4q_u8(y, piece[i + 1], x);
    });
    return y;
  }
};

}  // namespace
QNNP_DEFINE_X8LUT(NeonTable, neon)
}  // namespace qnnp
#endif
