// SPDX-License-Identifier: BSD-3-Clause
#include "q8vadd/params.h"

namespace qnnp {
namespace {

// The product with a power of two is exact.
int32_t multiplier(AddTensor tensor, AddTensor sum) {
  const double ratio = static_cast<double>(tensor.scale) / static_cast<double>(sum.scale);
  return static_cast<int32_t>(ratio * (1 << AddParams::kShift) + 0.5);
}

}  // namespace

AddParams add_params(AddTensor a, AddTensor b, AddTensor sum, bool subtract) {
  AddParams params = {};
  params.a_multiplier = multiplier(a, sum);
  params.b_multiplier = subtract ? -multiplier(b, sum) : multiplier(b, sum);
  params.offset =
      (int64_t{1} << (AddParams::kShift - 1)) + (int64_t{sum.zero_point} << AddParams::kShift) -
      int64_t{a.zero_point} * params.a_multiplier - int64_t{b.zero_point} * params.b_multiplier;
  return params;
}

}  // namespace qnnp
