// SPDX-License-Identifier: BSD-3-Clause
// Lookup of bytes in the part of the table that is not 0, in steps of 64 entries.
#include "isa/byte_rows.h"
#include "isa/neon_bytes.h"
#include "isa/neon_table.h"
#include "u8lut32norm/tile.h"

namespace qnnp {
namespace {

struct NeonSteps : PlainSteps {
  static QNNP_INLINE void lookup(const LutNormArgs& args, const uint8_t* outputs, size_t count) {
    if (count <= 64) {
      look_up<1>(args, outputs);
    } else if (count <= 128) {
      look_up<2>(args, outputs);
    } else {
      look_up<4>(args, outputs);
    }
  }

 private:
  template <int PIECES>
  static QNNP_INLINE void look_up(const LutNormArgs& args, const uint8_t* outputs) {
    const NeonTable<PIECES> table(outputs);
    const uint8x16_t nearest = vdupq_n_u8(args.nearest()), y_flip = vdupq_n_u8(args.y_flip);
    map_bytes<NeonBytes>(args.x, args.y, args.n, [&](uint8x16_t x) QNNP_LAMBDA {
      return veorq_u8(table(vsubq_u8(nearest, x)), y_flip);
    });
  }
};

}  // namespace
QNNP_DEFINE_U8LUT32NORM(NeonSteps, neon)
}  // namespace qnnp
