// SPDX-License-Identifier: BSD-3-Clause
// AArch64 alone: conversions of halves are an option of AArch32, and must not flush denormals.
#if defined(__aarch64__)
#include <arm_neon.h>

#include "f16convert/tile.h"

namespace qnnp {
namespace {

struct NeonF16 {
  static constexpr size_t kLanes = 4;
  static QNNP_INLINE void widen(const uint16_t* x, float* y) {
    vst1q_f32(y, vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(x))));
  }
  static QNNP_INLINE void narrow(const float* x, uint16_t* y) {
    vst1_u16(y, vreinterpret_u16_f16(vcvt_f16_f32(vld1q_f32(x))));
  }
};

}  // namespace
QNNP_DEFINE_F16CONVERT(NeonF16, neon)
}  // namespace qnnp
#endif
