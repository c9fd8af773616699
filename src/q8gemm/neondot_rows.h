// SPDX-License-Identifier: BSD-3-Clause
// Rows for the dot product of signed bytes, four at a time.
#pragma once

#include "q8gemm/neon_band.h"

namespace qnnp {
namespace {

struct NeonDotBand {
  static constexpr Isa kIsa = Isa::neondot;
  static constexpr uint8_t kMr = 4, kNr = 16, kStep = 4;
  static constexpr int kTurn = 4;
  static constexpr WeightCode kCode = WeightCode::s8;
  static constexpr SlotOrder kOrder = SlotOrder::natural;
  static constexpr RowCode kRows = RowCode::flipped;
  template <int R>
  using Packer = NeonPacker<NeonDotBand, R>;

  static QNNP_INLINE uint8x16_t row_code() { return vdupq_n_u8(0x80); }
  static QNNP_INLINE uint32x4_t add_bytes(uint32x4_t sum, uint8x16_t bytes) {
    return vdotq_u32(sum, bytes, vdupq_n_u8(1));
  }
  static QNNP_INLINE void store_short(uint8_t* c, const uint8_t* from, size_t n) {
    neon_store_short(c, vld1q_u8(from), n);
  }
};

}  // namespace
}  // namespace qnnp
