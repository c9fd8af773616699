// SPDX-License-Identifier: BSD-3-Clause
#include "u8rsum/u8rsum.h"

namespace qnnp {
namespace {

uint32_t sum_of(const uint8_t* x, size_t n, uint8_t flip) {
  uint32_t sum = 0;
  for (size_t i = 0; i < n; i++) sum += static_cast<uint8_t>(x[i] ^ flip);
  return sum;
}

}  // namespace

const SumKernel u8rsum__scalar = {"scalar", Isa::scalar, sum_of};

}  // namespace qnnp
