// SPDX-License-Identifier: BSD-3-Clause
#include "isa/neon_bytes.h"
#include "q8dwconv/tile.h"

namespace qnnp {
namespace {

// 16 channels, a row at a time, widened once for all the pixels that a column serves. A 3x3 window
// is 18 registers of 32.
template <bool kFlip>
struct NeonDwconv {
  static constexpr Isa kIsa = Isa::neon;
  static constexpr int kBlock = 16, kGroup = 1, kVectors = 2;
  static constexpr WeightCode kCode = WeightCode::s16;
  static constexpr int kLanes = 1;
  using Acc = int32x4x2_t;
  using Data = int16x8_t;
  using Output = NeonOutput;

  static QNNP_INLINE void start(Acc (&acc)[2], const int32_t* bias) {
    unroll<2>([&](auto i) QNNP_LAMBDA {
      acc[i].val[0] = vld1q_s32(bias + 8 * i);
      acc[i].val[1] = vld1q_s32(bias + 8 * i + 4);
    });
  }
  template <class Count, class Size>
  static QNNP_INLINE void interleave(const uint8_t* const (&rows)[1], Count, Size n,
                                     Data (&data)[2]) {
    uint8x16_t row = n == kBlock ? vld1q_u8(rows[0]) : NeonBytes::load_short(rows[0], n);
    if (kFlip) row = veorq_u8(row, vdupq_n_u8(0x80));
    data[0] = vreinterpretq_s16_u16(vmovl_u8(vget_low_u8(row)));
    data[1] = vreinterpretq_s16_u16(vmovl_u8(vget_high_u8(row)));
  }
  static QNNP_INLINE void mac(Acc (&acc)[2], const Data (&data)[2], const uint8_t* weights) {
    unroll<2>([&](auto i) QNNP_LAMBDA {
      const int16x8_t w = vld1q_s16(reinterpret_cast<const int16_t*>(weights) + 8 * i);
      acc[i].val[0] = vmlal_s16(acc[i].val[0], vget_low_s16(data[i]), vget_low_s16(w));
      acc[i].val[1] = vmlal_s16(acc[i].val[1], vget_high_s16(data[i]), vget_high_s16(w));
    });
  }
  static QNNP_INLINE void correct(Acc (&)[2], const Data (&)[2], int32_t) {}

  template <class Size>
  static QNNP_INLINE void store(const Acc (&acc)[2], const float* scale, const Output& out,
                                uint8_t* c, Size n) {
    const int32x4_t sums[4] = {acc[0].val[0], acc[0].val[1], acc[1].val[0], acc[1].val[1]};
    neon_store_row(sums, scale, out, c, size_t(n));
  }
};

}  // namespace

QNNP_DEFINE_Q8DWCONV(NeonDwconv, neon, any, 0, 0, 0)
QNNP_DEFINE_Q8DWCONV(NeonDwconv, neon, 3x3s1, 3, 3, 1)
QNNP_DEFINE_Q8DWCONV(NeonDwconv, neon, 3x3s2, 3, 3, 2)

}  // namespace qnnp
