// SPDX-License-Identifier: BSD-3-Clause
#include "q8resize/scalar_pixel.h"

namespace qnnp {
namespace {

void resize(const ResizeArgs& args) {
  const ResizeArgs t = args;
  for (size_t i = 0; i < t.pixels; i++) {
    const ResizeTap column = t.columns[i];
    resize_scalar(resize_source(t, column), ResizeWeights(t.fraction, column.fraction), t.flip, t.n,
                  t.c + i * t.c_stride);
  }
}

}  // namespace

const ResizeKernel q8resize__scalar = {"scalar", Isa::scalar, resize};

}  // namespace qnnp
