// SPDX-License-Identifier: BSD-3-Clause
// Rows for matrix products of signed bytes, eight at a time.
#pragma once

#include "q8gemm/neon_band.h"

namespace qnnp {
namespace {

struct NeonI8mmBand {
  static constexpr Isa kIsa = Isa::neoni8mm;
  static constexpr uint8_t kMr = 8, kNr = 8, kStep = 8;
  static constexpr int kTurn = 8;
  static constexpr WeightCode kCode = WeightCode::s8;
  static constexpr SlotOrder kOrder = SlotOrder::natural;
  static constexpr RowCode kRows = RowCode::flipped;
  template <int R>
  using Packer = NeonPacker<NeonI8mmBand, R>;

  static QNNP_INLINE uint8x16_t row_code() { return vdupq_n_u8(0x80); }
  static QNNP_INLINE uint32x4_t add_bytes(uint32x4_t sum, uint8x16_t bytes) {
    return vdotq_u32(sum, bytes, vdupq_n_u8(1));
  }
  static QNNP_INLINE void store_short(uint8_t* c, const uint8_t* from, size_t n) {
    neon_store_short(c, vcombine_u8(vld1_u8(from), vdup_n_u8(0)), n);
  }
};

}  // namespace
}  // namespace qnnp
