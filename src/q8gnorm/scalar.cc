// SPDX-License-Identifier: BSD-3-Clause
#include "q8gnorm/plain_lines.h"

namespace qnnp {
namespace {

void sums(const NormSumArgs& args) {
  memset(args.sum, 0, args.n * sizeof(uint64_t));
  memset(args.square_sum, 0, args.n * sizeof(uint64_t));
  for (size_t row = 0; row < args.rows; row++) {
    const uint8_t* x = args.x + row * args.x_stride;
    for (size_t c = 0; c < args.n; c++) {
      const uint32_t value = x[c] ^ args.x_flip;
      args.sum[c] += value;
      args.square_sum[c] += value * value;
    }
  }
}

}  // namespace

const NormKernel q8gnorm__scalar = {"scalar", Isa::scalar, sums, plain_lines};

}  // namespace qnnp
