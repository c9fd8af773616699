// SPDX-License-Identifier: BSD-3-Clause
// One block of 16 bytes of NEON (zip.h). 2, 3 and 4 vectors are zipped by the store itself.
#pragma once

#include "isa/neon_bytes.h"
#include "isa/zip.h"

namespace qnnp {
namespace {

struct NeonBlocks : NeonBytes {
  using Block = NeonBlocks;

  static QNNP_INLINE V gather(const uint8_t* p, size_t) { return load(p); }
  template <int G>
  static QNNP_INLINE void zip_store(uint8_t* c, V (&v)[G]) {
    if constexpr (G == 2) {
      const uint8x16x2_t all = {{v[0], v[1]}};
      vst2q_u8(c, all);
    } else if constexpr (G == 3) {
      const uint8x16x3_t all = {{v[0], v[1], v[2]}};
      vst3q_u8(c, all);
    } else if constexpr (G == 4) {
      const uint8x16x4_t all = {{v[0], v[1], v[2], v[3]}};
      vst4q_u8(c, all);
    } else {
      zip<NeonBlocks>(v);
      unroll<G>([&](auto k) QNNP_LAMBDA { store(c + 16 * k, v[k]); });
    }
  }
};

}  // namespace
}  // namespace qnnp
