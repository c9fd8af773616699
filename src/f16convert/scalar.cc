// SPDX-License-Identifier: BSD-3-Clause
#include <fp16.h>

#include "f16convert/f16convert.h"

namespace qnnp {
namespace {

void widen(const uint16_t* x, float* y, size_t n) {
  for (size_t i = 0; i < n; i++) y[i] = fp16_ieee_to_fp32_value(x[i]);
}

void narrow(const float* x, uint16_t* y, size_t n) {
  for (size_t i = 0; i < n; i++) y[i] = fp16_ieee_from_fp32_value(x[i]);
}

}  // namespace

const F16Kernel f16convert__scalar = {"scalar", Isa::scalar, widen, narrow};

}  // namespace qnnp
