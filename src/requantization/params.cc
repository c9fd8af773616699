// SPDX-License-Identifier: BSD-3-Clause
#include "requantization/params.h"

#include <cfloat>

namespace qnnp {
namespace {

// scale = fraction * 2^-shift with 1/2 <= fraction < 1; the multiplier is `fraction` in `bits`
// bits, to nearest. For scales in [2^-32, 1 - 2^-32): at most one too large becomes a power of two
// of the next shift.
void split(double scale, uint32_t bits, RequantizationParams* params) {
  double fraction = scale;
  uint32_t shift = 0;
  for (; fraction < 0.5; fraction *= 2) shift++;
  const uint64_t one = uint64_t{1} << bits;
  uint64_t multiplier = static_cast<uint64_t>(fraction * static_cast<double>(one) + 0.5);
  if (multiplier == one) {
    multiplier /= 2;
    shift--;
  }
  params->multiplier = static_cast<uint32_t>(multiplier);
  params->shift = shift;
}

}  // namespace

const char* scheme_name(Scheme scheme) {
  switch (scheme) {
    case Scheme::precise:
      return "precise";
    case Scheme::fp32:
      return "fp32";
    case Scheme::q31:
      return "q31";
    case Scheme::gemmlowp:
      return "gemmlowp";
  }
  return "";
}

Status requantization_params(Scheme scheme, double scale, uint8_t zero_point, uint8_t min,
                             uint8_t max, RequantizationParams* params) {
  // The comparisons are false for NaN, and keep what float cannot hold from being converted.
  if (!(scale > 0 && scale <= static_cast<double>(FLT_MAX)) ||
      static_cast<float>(scale) < FLT_MIN) {
    return fail(qnnp_status_invalid_parameter,
                "the requantization scale is %g; it must be positive and normal as a float", scale);
  }
  if (min > max) {
    return fail(qnnp_status_invalid_parameter, "output_min %d is above output_max %d", int{min},
                int{max});
  }
  const float rounded = static_cast<float>(scale);
  const double value = scheme == Scheme::gemmlowp ? scale : static_cast<double>(rounded);
  if (scheme != Scheme::fp32 && !(value >= 0x1p-32 && value < 1 - 0x1p-32)) {
    return fail(qnnp_status_unsupported_parameter,
                "the requantization scale is %g; the scheme %s takes 2^-32 <= scale < 1", scale,
                scheme_name(scheme));
  }
  RequantizationParams made = {rounded, 0, 0, zero_point, min, max};
  if (scheme != Scheme::fp32) split(value, scheme == Scheme::precise ? 32 : 31, &made);
  *params = made;
  return qnnp_status_success;
}

}  // namespace qnnp
