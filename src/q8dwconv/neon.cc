// SPDX-License-Identifier: BSD-3-Clause
#include "isa/neon_bytes.h"
#include "q8dwconv/tile.h"
#if defined(__arm__)
#include "q8dwconv/neon_strips.h"
#else
#include "q8dwconv/neon_rows.h"
#endif

namespace qnnp {
namespace {

// 16 channels, a row at a time, widened once for all the pixels that a column serves.
template <bool kFlip>
struct NeonDwconv {
  static constexpr Isa kIsa = Isa::neon;
  static constexpr int kBlock = 16, kGroup = 1, kVectors = 2;
  static constexpr WeightCode kCode = WeightCode::s16;
  static constexpr int kLanes = 1;
  using Acc = int32x4x2_t;
  using Data = int16x8_t;
  using Output = NeonOutput;
  using Sums = NeonDwconv<false>;

  static QNNP_INLINE Acc start_vector(const int32_t* bias) {
    return {{vld1q_s32(bias), vld1q_s32(bias + 4)}};
  }
  static QNNP_INLINE void start(Acc (&acc)[2], const int32_t* bias) {
    unroll<2>([&](auto i) QNNP_LAMBDA { acc[i] = start_vector(bias + 8 * i); });
  }
  template <class Count, class Size>
  static QNNP_INLINE void interleave(const uint8_t* const (&rows)[1], Count, Size n,
                                     Data (&data)[2]) {
    uint8x16_t row = n == kBlock ? vld1q_u8(rows[0]) : NeonBytes::load_short(rows[0], n);
    if (kFlip) row = veorq_u8(row, vdupq_n_u8(0x80));
    data[0] = vreinterpretq_s16_u16(vmovl_u8(vget_low_u8(row)));
    data[1] = vreinterpretq_s16_u16(vmovl_u8(vget_high_u8(row)));
  }
  static QNNP_INLINE Acc dot(const Acc& acc, Data data, const uint8_t* weights) {
    const int16x8_t w = vld1q_s16(reinterpret_cast<const int16_t*>(weights));
    return {{vmlal_s16(acc.val[0], vget_low_s16(data), vget_low_s16(w)),
             vmlal_s16(acc.val[1], vget_high_s16(data), vget_high_s16(w))}};
  }
  static QNNP_INLINE void mac(Acc (&acc)[2], const Data (&data)[2], const uint8_t* weights) {
    unroll<2>([&](auto i) QNNP_LAMBDA { acc[i] = dot(acc[i], data[i], weights + 16 * i); });
  }
  static QNNP_INLINE void correct(Acc (&)[2], const Data (&)[2], int32_t) {}

  template <class Size>
  static QNNP_INLINE void store(const Acc (&acc)[2], const float* scale, const Output& out,
                                uint8_t* c, Size n) {
    const int32x4_t sums[4] = {acc[0].val[0], acc[0].val[1], acc[1].val[0], acc[1].val[1]};
    neon_store_row(sums, scale, out, c, size_t(n));
  }
};

#if defined(__arm__)
template <bool kFlip>
using NeonBuffered = NeonStrips<NeonDwconv, kFlip>;
#else
template <bool kFlip>
using NeonBuffered = NeonRows<kFlip>;
#endif

}  // namespace

QNNP_DEFINE_Q8DWCONV(NeonDwconv, neon, any, 0, 0, 0)
QNNP_DEFINE_Q8DWCONV(NeonDwconv, neon, 3x3s1_intrinsics, 3, 3, 1)
QNNP_DEFINE_Q8DWCONV(NeonDwconv, neon, 3x3s2_intrinsics, 3, 3, 2)
QNNP_DEFINE_Q8DWCONV_BUFFERED(NeonBuffered, neon, 3x3s1, 3, 3, 1)
QNNP_DEFINE_Q8DWCONV_BUFFERED(NeonBuffered, neon, 3x3s2, 3, 3, 2)
QNNP_DEFINE_Q8DWCONV_BUFFERED(NeonBuffered, neon, 5x5s1, 5, 5, 1)
QNNP_DEFINE_Q8DWCONV_BUFFERED(NeonBuffered, neon, 5x5s2, 5, 5, 2)

}  // namespace qnnp
