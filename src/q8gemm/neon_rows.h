// SPDX-License-Identifier: BSD-3-Clause
// Rows for NEON's 8-bit multiplications, q8gemm/neon.cc has the sums that are made of them.
#pragma once

#include "q8gemm/neon_band.h"

namespace qnnp {
namespace {

// Four rows of sums take half of the registers.
#if defined(__aarch64__)
constexpr uint8_t kNeonColumns = 16;
#else
constexpr uint8_t kNeonColumns = 8;
#endif

struct NeonBand {
  static constexpr Isa kIsa = Isa::neon;
  static constexpr uint8_t kMr = 4, kNr = kNeonColumns, kStep = 4;
  static constexpr int kTurn = 2;
  static constexpr WeightCode kCode = WeightCode::s8;
  static constexpr SlotOrder kOrder = SlotOrder::pairs_outer;
  static constexpr RowCode kRows = RowCode::alternating;
  template <int R>
  using Packer = NeonPacker<NeonBand, R>;

  static QNNP_INLINE uint8x16_t row_code() { return vreinterpretq_u8_u32(vdupq_n_u32(0x7f7f8080)); }
  static QNNP_INLINE uint32x4_t add_bytes(uint32x4_t sum, uint8x16_t bytes) {
    return vpadalq_u16(sum, vpaddlq_u8(bytes));
  }
  static QNNP_INLINE void store_short(uint8_t* c, const uint8_t* from, size_t n) {
    neon_store_short(c, vld1q_u8(from), n);
  }
};

}  // namespace
}  // namespace qnnp
