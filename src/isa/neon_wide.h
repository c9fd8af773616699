// SPDX-License-Identifier: BSD-3-Clause
// NEON: 16 bytes as four vectors of 32-bit lanes. A lookup moves a byte to its lane in one
// instruction, where widening twice takes one and a half.
#pragma once

#include <arm_neon.h>

#include "base/common.h"

namespace qnnp {
namespace {

// Compilers lose what they know of v: that it is constant, and would be loaded again and again, or a
// sum whose parts could be added in another order.
template <class V>
QNNP_INLINE V neon_opaque(V v) {
  asm("" : "+w"(v));
  return v;
}

#if defined(__aarch64__)

struct NeonWide {
  uint8x16_t index[4];  // beyond the table, which gives 0, but for the lowest byte of a lane

  QNNP_INLINE NeonWide() {
    constexpr uint32_t kFirst[4] = {0xffffff00, 0xffffff01, 0xffffff02, 0xffffff03};
    unroll<4>([&](auto q) QNNP_LAMBDA {
      index[q] =
          neon_opaque(vreinterpretq_u8_u32(vaddq_u32(vld1q_u32(kFirst), vdupq_n_u32(4 * q))));
    });
  }
  QNNP_INLINE void operator()(uint8x16_t v, int32x4_t (&x)[4]) const {
    unroll<4>([&](auto q) QNNP_LAMBDA { x[q] = vreinterpretq_s32_u8(vqtbl1q_u8(v, index[q])); });
  }
};

#else

struct NeonWide {
  QNNP_INLINE void operator()(uint8x16_t v, int32x4_t (&x)[4]) const {
    const uint16x8_t low = vmovl_u8(vget_low_u8(v)), high = vmovl_u8(vget_high_u8(v));
    x[0] = vreinterpretq_s32_u32(vmovl_u16(vget_low_u16(low)));
    x[1] = vreinterpretq_s32_u32(vmovl_u16(vget_high_u16(low)));
    x[2] = vreinterpretq_s32_u32(vmovl_u16(vget_low_u16(high)));
    x[3] = vreinterpretq_s32_u32(vmovl_u16(vget_high_u16(high)));
  }
};

#endif

}  // namespace
}  // namespace qnnp
