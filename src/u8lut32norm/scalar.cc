// SPDX-License-Identifier: BSD-3-Clause
#include "u8lut32norm/tile.h"

namespace qnnp {
namespace {

struct ScalarSteps : PlainSteps {
  static QNNP_INLINE void lookup(const LutNormArgs& args, const uint8_t* outputs, size_t) {
    const uint8_t nearest = args.nearest();
    for (size_t i = 0; i < args.n; i++) {
      args.y[i] = outputs[static_cast<uint8_t>(nearest - args.x[i])] ^ args.y_flip;
    }
  }
};

}  // namespace
QNNP_DEFINE_U8LUT32NORM(ScalarSteps, scalar)
}  // namespace qnnp
