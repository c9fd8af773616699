// SPDX-License-Identifier: BSD-3-Clause
#include "operators/mean.h"

namespace qnnp {

Status check_tensors(const MeanDesc& desc) {
  QNNP_TRY(check_nonzero(desc.channels, "channels"));
  QNNP_TRY(check_range(desc.output_min, desc.output_max, "output"));
  return check_flags(desc.flags);
}

Status check_mean(const MeanDesc& desc) {
  QNNP_TRY(check_nonzero(desc.channels, "channels"));
  QNNP_TRY(check_scale(desc.input_scale, "input_scale"));
  QNNP_TRY(check_scale(desc.output_scale, "output_scale"));
  QNNP_TRY(check_range(desc.output_min, desc.output_max, "output"));
  QNNP_TRY(check_flags(desc.flags));
  return check_ratio(desc.input_scale, desc.output_scale, 0x1p-8, 0x1p+8,
                     "input_scale / output_scale");
}

Status check_sum(const MeanDesc& desc, uint64_t area, const char* name) {
  const uint64_t largest = max<uint64_t>(desc.input_zero_point, 255 - desc.input_zero_point);
  if (area <= INT32_MAX / largest) return qnnp_status_success;
  return fail(qnnp_status_unsupported_parameter,
              "%s: a mean over %llu pixels with input_zero_point %u could leave int32: pixels * "
              "max(input_zero_point, 255 - input_zero_point) must be at most 2147483647",
              name, static_cast<unsigned long long>(area), desc.input_zero_point);
}

Mean make_mean(const MeanDesc& desc, uint64_t area) {
  // The divisor is exact: a float of 24 bits times an area below 2^24.
  const double divisor = static_cast<double>(desc.output_scale) * static_cast<double>(area);
  return {desc.flip, desc.input_zero_point,
          static_cast<float>(static_cast<double>(desc.input_scale) / divisor),
          output_params(desc.output_zero_point, desc.output_min, desc.output_max)};
}

Status check_reduction(enum qnnp_reduction operation) {
  if (operation == qnnp_reduction_mean || operation == qnnp_reduction_max) {
    return qnnp_status_success;
  }
  return fail(qnnp_status_invalid_parameter, "operation is %d: it must be mean (%d) or max (%d)",
              static_cast<int>(operation), qnnp_reduction_mean, qnnp_reduction_max);
}

}  // namespace qnnp
