// SPDX-License-Identifier: BSD-3-Clause
// AArch64 alone: conversions of halves are an option of AArch32, and must not flush denormals.
#if defined(__aarch64__)
#include <arm_neon.h>

#include "f16convert/tile.h"

namespace qnnp {
namespace {

struct NeonF16 {
  static constexpr size_t kLanes = 16;
  static QNNP_INLINE void widen(const uint16_t* x, float* y) {
    unroll<2>([&](auto i) QNNP_LAMBDA {
      const float16x8_t half = vreinterpretq_f16_u16(vld1q_u16(x + 8 * i));
      vst1q_f32(y + 8 * i, vcvt_f32_f16(vget_low_f16(half)));
      vst1q_f32(y + 8 * i + 4, vcvt_f32_f16(vget_high_f16(half)));
    });
  }
  static QNNP_INLINE void narrow(const float* x, uint16_t* y) {
    unroll<2>([&](auto i) QNNP_LAMBDA {
      const float16x4_t low = vcvt_f16_f32(vld1q_f32(x + 8 * i));
      const float16x4_t high = vcvt_f16_f32(vld1q_f32(x + 8 * i + 4));
      vst1q_u16(y + 8 * i, vreinterpretq_u16_f16(vcombine_f16(low, high)));
    });
  }
};

}  // namespace
QNNP_DEFINE_F16CONVERT(NeonF16, neon)
}  // namespace qnnp
#endif
