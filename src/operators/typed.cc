// SPDX-License-Identifier: BSD-3-Clause
#include "operators/typed.h"

namespace qnnp {
namespace {

constexpr int32_t offset_of(enum qnnp_datatype type) {
  return type == qnnp_datatype_int8 ? 128 : 0;
}

Status check_value(int32_t value, enum qnnp_datatype type, const char* parameter,
                   const char* suffix) {
  const int32_t low = -offset_of(type), high = low + 255;
  if (value >= low && value <= high) return qnnp_status_success;
  return fail(qnnp_status_invalid_parameter, "%s%s is %d: it must be in [%d, %d]", parameter,
              suffix, value, low, high);
}

}  // namespace

Status check_byte_type(enum qnnp_datatype type, const char* parameter) {
  if (type == qnnp_datatype_uint8 || type == qnnp_datatype_int8) return qnnp_status_success;
  return fail(qnnp_status_invalid_parameter, "%s is %d: it must be uint8 (%d) or int8 (%d)",
              parameter, static_cast<int>(type), qnnp_datatype_uint8, qnnp_datatype_int8);
}

Status unsigned_zero_point(int32_t zero_point, enum qnnp_datatype type, const char* parameter,
                           uint8_t* out) {
  QNNP_TRY(check_value(zero_point, type, parameter, ""));
  *out = static_cast<uint8_t>(zero_point + offset_of(type));
  return qnnp_status_success;
}

Status unsigned_range(int32_t min, int32_t max, enum qnnp_datatype type, const char* prefix,
                      uint8_t* low, uint8_t* high) {
  *low = 0;
  *high = 255;
  if (min == 0 && max == 0) return qnnp_status_success;
  QNNP_TRY(check_value(min, type, prefix, "_min"));
  QNNP_TRY(check_value(max, type, prefix, "_max"));
  if (min > max) {
    return fail(qnnp_status_invalid_parameter,
                "%s_min is %d: it must be at most %s_max, which is %d", prefix, min, prefix, max);
  }
  *low = static_cast<uint8_t>(min + offset_of(type));
  *high = static_cast<uint8_t>(max + offset_of(type));
  return qnnp_status_success;
}

}  // namespace qnnp
