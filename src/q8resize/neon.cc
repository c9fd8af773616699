// SPDX-License-Identifier: BSD-3-Clause
#include "isa/neon_bytes.h"
#include "q8resize/tile.h"

namespace qnnp {
namespace {

struct NeonFloats : NeonBytes {
  static QNNP_INLINE F from_int(V v) { return vcvtq_f32_s32(vreinterpretq_s32_u8(v)); }
  static QNNP_INLINE V to_int(F f) { return vreinterpretq_u8_s32(vcvtq_s32_f32(f)); }
  static QNNP_INLINE F mul(F a, F b) { return vmulq_f32(a, b); }
  static QNNP_INLINE F add(F a, F b) { return vaddq_f32(a, b); }
};

}  // namespace

QNNP_DEFINE_Q8RESIZE(NeonFloats, neon)

}  // namespace qnnp
