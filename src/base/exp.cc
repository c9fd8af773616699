// SPDX-License-Identifier: BSD-3-Clause
#include "base/exp.h"

#include <cfloat>

#include "base/common.h"

namespace qnnp {

// Wider intermediate results would differ from machine to machine.
static_assert(FLT_EVAL_METHOD == 0, "double arithmetic must round to double");

double exp_of_negative(double x) {
  // e^-708.4 is just above the smallest normal double, 2^-1022.
  if (!(x < 708.0)) return 0.0;
  // -x = -k * ln 2 + r with |r| <= ln 2 / 2 and a little. The upper part of ln 2 has 32 bits, so
  // that its product with k < 1023 is exact.
  constexpr double kLn2High = 0x1.62e42feep-1, kLn2Low = 0x1.a39ef35793c76p-33;
  constexpr double kPerLn2 = 0x1.71547652b82fep+0;
  const int k = static_cast<int>(x * kPerLn2 + 0.5);
  const double r = (k * kLn2High - x) + k * kLn2Low;
  // Taylor's series: the first term left out, r^14 / 14!, is below 2^-57.
  double sum = 1.0;
  for (int i = 13; i >= 1; i--) sum = 1.0 + sum * r / i;
  const uint64_t bits = static_cast<uint64_t>(1023 - k) << 52;
  double scale;
  memcpy(&scale, &bits, 8);
  return sum * scale;
}

double one_minus_exp(double x) {
  if (x >= 0x1p-8) return 1.0 - exp_of_negative(x);
  // Taylor's series: the first term left out, x^6 / 720, is below x * 2^-49.
  double sum = 1.0;
  for (int i = 5; i >= 2; i--) sum = 1.0 - sum * x / i;
  return sum * x;
}

}  // namespace qnnp
