// SPDX-License-Identifier: BSD-3-Clause
// Lines for eight channels at once: four vectors of doubles. Conversions round half to even and
// saturate; limits are compared as bytes. AArch64 alone: AArch32 has no vectors of doubles.
#pragma once

#include "isa/neon_bytes.h"
#include "isa/neon_wide.h"
#include "q8gnorm/q8gnorm.h"

namespace qnnp {
namespace {

class NeonLine {
 public:
  QNNP_INLINE NeonLine() {
    constexpr uint64_t kFirst[2] = {~uint64_t{0xff}, ~uint64_t{0xff} + 1};
    unroll<4>([&](auto q) QNNP_LAMBDA {
      index_[q] =
          neon_opaque(vreinterpretq_u8_u64(vaddq_u64(vld1q_u64(kFirst), vdupq_n_u64(2 * q))));
    });
  }
  QNNP_INLINE uint8x8_t operator()(uint8x8_t x, const double* factor, const double* offset) const {
    const uint8x16_t bytes = vcombine_u8(x, x);
    const auto two = [&](int q) QNNP_LAMBDA {
      // A lookup beyond the table gives 0: a byte becomes 64 bits.
      const uint64x2_t wide = vreinterpretq_u64_u8(vqtbl1q_u8(bytes, index_[q]));
      const float64x2_t product = vmulq_f64(vcvtq_f64_u64(wide), vld1q_f64(factor + 2 * q));
      return vqmovn_s64(vcvtnq_s64_f64(vaddq_f64(product, vld1q_f64(offset + 2 * q))));
    };
    return vqmovun_s16(vcombine_s16(vqmovn_s32(vcombine_s32(two(0), two(1))),
                                    vqmovn_s32(vcombine_s32(two(2), two(3)))));
  }

 private:
  uint8x16_t index_[4];  // beyond the table, but for the lowest byte of a lane
};

void neon_lines(const NormLineArgs& args) {
  static_assert(kNormChannels == 8, "factors and offsets of a last eight can be read");
  const NormLineArgs t = args;
  const NeonLine line;
  const uint8x8_t x_flip = vdup_n_u8(t.x_flip), y_flip = vdup_n_u8(t.y_flip);
  const uint8x8_t low = vdup_n_u8(t.low), high = vdup_n_u8(t.high);
  for (size_t row = 0; row < t.rows; row++) {
    const uint8_t* x = t.x + row * t.x_stride;
    uint8_t* y = t.y + row * t.y_stride;
    const auto eight = [&](uint8x8_t bytes, size_t c) QNNP_LAMBDA {
      const uint8x8_t value = line(veor_u8(bytes, x_flip), t.factor + c, t.offset + c);
      return veor_u8(vmin_u8(vmax_u8(value, low), high), y_flip);
    };
    size_t c = 0;
    for (; c + 8 <= t.n; c += 8) vst1_u8(y + c, eight(vld1_u8(x + c), c));
    const size_t rest = t.n - c;
    if (rest == 0) continue;
    const uint8x8_t last = eight(neon_load_short(x + c, rest), c);
    NeonBytes::store_short(y + c, vcombine_u8(last, last), rest);
  }
}

}  // namespace
}  // namespace qnnp
