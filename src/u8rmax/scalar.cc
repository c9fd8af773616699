// SPDX-License-Identifier: BSD-3-Clause
#include "u8rmax/u8rmax.h"

namespace qnnp {
namespace {

uint8_t largest_of(const uint8_t* x, size_t n, uint8_t flip) {
  uint8_t most = 0;
  for (size_t i = 0; i < n; i++) most = max<uint8_t>(most, x[i] ^ flip);
  return most;
}

}  // namespace

const MaxKernel u8rmax__scalar = {"scalar", Isa::scalar, largest_of};

}  // namespace qnnp
