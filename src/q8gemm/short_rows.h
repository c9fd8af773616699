// SPDX-License-Identifier: BSD-3-Clause
// Rows shorter than a step of the dot product (isa/dot.h).
#pragma once

#include "base/common.h"

namespace qnnp {
namespace {

constexpr size_t kMaxStep = 8;

// A whole step of a run, with zeros. Not inlined: seldom.
__attribute__((noinline)) const uint8_t* lengthen(const uint8_t* run, size_t length, size_t step,
                                                  uint8_t* to) {
  memset(to, 0, step);
  for (size_t i = 0; i < length; i++) to[i] = run[i];
  return to;
}

}  // namespace
}  // namespace qnnp
