// SPDX-License-Identifier: BSD-3-Clause
#include "q8vadd/params.h"

namespace qnnp {

AddParams add_params(uint8_t a_zero_point, float a_scale, uint8_t b_zero_point, float b_scale,
                     float sum_scale, bool subtract) {
  const double a_ratio = static_cast<double>(a_scale) / static_cast<double>(sum_scale);
  const double b_ratio = static_cast<double>(b_scale) / static_cast<double>(sum_scale);
  // The larger multiplier gets 30 bits: it is in [2^29, 2^30). Products with powers of two are
  // exact.
  uint32_t shift = 22;
  double power = 0x1p22;
  while (max(a_ratio, b_ratio) * power < 0x1p29) {
    shift++;
    power *= 2;
  }
  AddParams params = {};
  params.a_multiplier = static_cast<int32_t>(a_ratio * power + 0.5);
  params.b_multiplier = static_cast<int32_t>(b_ratio * power + 0.5);
  if (subtract) params.b_multiplier = -params.b_multiplier;
  params.shift = shift;
  params.offset = (int64_t{1} << (shift - 1)) - int64_t{a_zero_point} * params.a_multiplier -
                  int64_t{b_zero_point} * params.b_multiplier;
  return params;
}

}  // namespace qnnp
