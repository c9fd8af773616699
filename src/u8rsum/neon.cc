// SPDX-License-Identifier: BSD-3-Clause
// Pairs of bytes are added to lanes of 16 bits, which move to 32 bits before they can overflow: one
// instruction for 16 bytes. Signed bytes are summed as they are; each is 128 short of x ^ 0x80.
#include <arm_neon.h>

#include "isa/short_loads.h"
#include "u8rsum/u8rsum.h"

namespace qnnp {
namespace {

constexpr size_t kVectors = 4;
constexpr size_t kMost = 128;  // vectors for one lane: 128 * 2 * 255 < 2^16

struct UnsignedPairs {
  using Lanes = uint16x8_t;
  static QNNP_INLINE Lanes none() { return vdupq_n_u16(0); }
  static QNNP_INLINE Lanes add(Lanes acc, uint8x16_t v) { return vpadalq_u8(acc, v); }
  static QNNP_INLINE uint32x4_t add_lanes(uint32x4_t acc, Lanes x) { return vpadalq_u16(acc, x); }
};
struct SignedPairs {
  using Lanes = int16x8_t;
  static QNNP_INLINE Lanes none() { return vdupq_n_s16(0); }
  static QNNP_INLINE Lanes add(Lanes acc, uint8x16_t v) {
    return vpadalq_s8(acc, vreinterpretq_s8_u8(v));
  }
  static QNNP_INLINE uint32x4_t add_lanes(uint32x4_t acc, Lanes x) {
    return vreinterpretq_u32_s32(vpadalq_s16(vreinterpretq_s32_u32(acc), x));
  }
};

QNNP_INLINE uint32_t total(uint32x4_t lanes) {
  const uint32x2_t two = vadd_u32(vget_low_u32(lanes), vget_high_u32(lanes));
  return vget_lane_u32(vpadd_u32(two, two), 0);
}

template <class Pairs>
QNNP_INLINE uint32_t sum_bytes(const uint8_t* x, size_t n) {
  uint32x4_t sums = vdupq_n_u32(0);
  while (n >= 16 * kVectors) {
    typename Pairs::Lanes acc[kVectors];
    unroll<kVectors>([&](auto j) QNNP_LAMBDA { acc[j] = Pairs::none(); });
    for (size_t left = min(n / (16 * kVectors), kMost); left != 0; left--) {
      unroll<kVectors>([&](auto j)
                           QNNP_LAMBDA { acc[j] = Pairs::add(acc[j], vld1q_u8(x + 16 * j)); });
      x += 16 * kVectors;
      n -= 16 * kVectors;
    }
    unroll<kVectors>([&](auto j) QNNP_LAMBDA { sums = Pairs::add_lanes(sums, acc[j]); });
  }
  typename Pairs::Lanes acc = Pairs::none();
  for (; n >= 16; n -= 16, x += 16) acc = Pairs::add(acc, vld1q_u8(x));
  if (n >= 8) {
    acc = Pairs::add(acc, vcombine_u8(vld1_u8(x), vdup_n_u8(0)));
    n -= 8;
    x += 8;
  }
  if (n != 0) acc = Pairs::add(acc, vcombine_u8(vcreate_u8(load_u64_short(x, n)), vdup_n_u8(0)));
  return total(Pairs::add_lanes(sums, acc));
}

uint32_t sum_of(const uint8_t* x, size_t n, uint8_t flip) {
  if (flip == 0) return sum_bytes<UnsignedPairs>(x, n);
  return sum_bytes<SignedPairs>(x, n) + static_cast<uint32_t>(128 * n);
}

}  // namespace

const SumKernel u8rsum__neon = {"neon", Isa::neon, sum_of};

}  // namespace qnnp
