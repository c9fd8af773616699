// SPDX-License-Identifier: BSD-3-Clause
#include "operators/operator.h"

#include <cfloat>

#include "isa/cpu.h"

namespace qnnp {

const char* type_name(OperatorType type) {
  switch (type) {
#define QNNP_OPERATOR(type, name) \
  case OperatorType::type:        \
    return name;
#include "operators/operator_types.inc"
#undef QNNP_OPERATOR
  }
  return "";
}

Status check_initialized(const char* function) {
  if (initialized()) return qnnp_status_success;
  return fail(qnnp_status_uninitialized, "%s: qnnp_initialize must succeed first", function);
}

Status check_nonzero(size_t value, const char* parameter) {
  if (value != 0) return qnnp_status_success;
  return fail(qnnp_status_invalid_parameter, "%s is 0: it must be at least 1", parameter);
}

Status check_scale(float scale, const char* parameter) {
  if (scale >= FLT_MIN && scale <= FLT_MAX) return qnnp_status_success;
  return fail(qnnp_status_invalid_parameter, "%s is %.9g: it must be a positive normal float",
              parameter, static_cast<double>(scale));
}

Status check_pointer(const void* pointer, const char* parameter) {
  if (pointer != nullptr) return qnnp_status_success;
  return fail(qnnp_status_invalid_parameter, "%s is NULL: it must point to data", parameter);
}

Status check_flags(uint32_t flags) {
  if (flags == 0) return qnnp_status_success;
  return fail(qnnp_status_invalid_parameter, "flags is 0x%x: no flag is defined, it must be 0",
              flags);
}

Status check_struct_size(size_t size, size_t expected) {
  if (size == expected) return qnnp_status_success;
  return fail(qnnp_status_invalid_parameter, "desc->struct_size is %zu: it must be %zu", size,
              expected);
}

Status check_range(uint8_t min, uint8_t max, const char* prefix) {
  if (min <= max) return qnnp_status_success;
  return fail(qnnp_status_invalid_parameter, "%s_min is %u: it must be at most %s_max, which is %u",
              prefix, min, prefix, max);
}

Status check_ratio(float numerator, float denominator, double lower, double upper,
                   const char* names) {
  const double ratio = static_cast<double>(numerator) / static_cast<double>(denominator);
  if (ratio >= lower && ratio < upper) return qnnp_status_success;
  return fail(qnnp_status_unsupported_parameter, "%s is %.9g: it must be in [%.9g, %.9g)", names,
              ratio, lower, upper);
}

Status check_multiplier(float multiplier, const char* names) {
  if (multiplier >= FLT_MIN && multiplier <= FLT_MAX) return qnnp_status_success;
  return fail(qnnp_status_unsupported_parameter, "%s is %.9g: it must be a positive normal float",
              names, static_cast<double>(multiplier));
}

Status begin_create(const char* function, Operator** out, const char* out_name) {
  if (out != nullptr) *out = nullptr;
  QNNP_TRY(check_initialized(function));
  return check_pointer(out, out_name);
}

Status begin_setup(Operator* op, OperatorType type, size_t batch_size, bool* done) {
  *done = false;
  QNNP_TRY(check_initialized("setup"));
  QNNP_TRY(check_pointer(op, "operator"));
  if (op->type != type) {
    return fail(qnnp_status_invalid_parameter, "operator is a %s: this setup needs a %s",
                type_name(op->type), type_name(type));
  }
  if (batch_size == 0) {
    op->state = Operator::State::empty;
    *done = true;
  }
  return qnnp_status_success;
}

Status check_layout(const void* data, size_t channels, size_t stride, const char* name) {
  QNNP_TRY(check_pointer(data, name));
  if (stride >= channels) return qnnp_status_success;
  return fail(qnnp_status_invalid_parameter,
              "%s_stride is %zu: it must be at least the number of channels, which is %zu", name,
              stride, channels);
}

Status check_extent(CheckedSize pixels, size_t stride, const char* name) {
  if ((pixels * stride).valid()) return qnnp_status_success;
  return fail(qnnp_status_unsupported_parameter,
              "%s: its pixels of stride %zu are more bytes than can be addressed", name, stride);
}

Status check_tensor(const void* data, size_t pixels, size_t channels, size_t stride,
                    const char* name) {
  QNNP_TRY(check_layout(data, channels, stride, name));
  return check_extent(pixels, stride, name);
}

}  // namespace qnnp
