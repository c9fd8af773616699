// SPDX-License-Identifier: BSD-3-Clause
#include "operators/activation_function.h"

#include <cfloat>

#include "base/exp.h"

namespace qnnp {
namespace {

double limit(double x, double low, double high) { return min(max(x, low), high); }

double sigmoid(double x) {
  const double t = exp_of_negative(x < 0 ? -x : x);
  return (x < 0 ? t : 1.0) / (1.0 + t);
}

double tanh_of(double x) {
  const double t = one_minus_exp(2 * (x < 0 ? -x : x));
  const double y = t / (2 - t);
  return x < 0 ? -y : y;
}

Status check_finite(float value, const char* parameter) {
  if (value >= -FLT_MAX && value <= FLT_MAX) return qnnp_status_success;
  return fail(qnnp_status_invalid_parameter, "%s is %.9g: it must be finite", parameter,
              static_cast<double>(value));
}

}  // namespace

double ActivationFunction::operator()(double x) const {
  switch (function) {
    case qnnp_activation_custom:
      return custom(x, context);
    case qnnp_activation_identity:
      return x;
    case qnnp_activation_sigmoid:
      return sigmoid(x);
    case qnnp_activation_swish:
      return x * sigmoid(x);
    case qnnp_activation_tanh:
      return tanh_of(x);
    case qnnp_activation_relu:
      return max(x, 0.0);
    case qnnp_activation_relu6:
      return limit(x, 0, 6);
    case qnnp_activation_relu_n1_to_1:
      return limit(x, -1, 1);
    case qnnp_activation_leaky_relu:
      return x < 0 ? alpha * x : x;
    case qnnp_activation_elu:
      return x < 0 ? -alpha * one_minus_exp(-x) : x;
    case qnnp_activation_hard_sigmoid:
      return limit(alpha * x + beta, 0, 1);
    case qnnp_activation_hard_swish:
      return x * limit(x + 3, 0, 6) / 6;
  }
  return x;
}

Status activation_function(const qnnp_activation_desc& desc, ActivationFunction* out) {
  const int number = static_cast<int>(desc.function);
  if (number < qnnp_activation_custom || number > qnnp_activation_hard_swish) {
    return fail(qnnp_status_invalid_parameter, "function is %d: it must be one of qnnp_activation",
                number);
  }
  QNNP_TRY(check_finite(desc.alpha, "alpha"));
  QNNP_TRY(check_finite(desc.beta, "beta"));
  if (desc.function == qnnp_activation_custom && desc.custom == nullptr) {
    return fail(qnnp_status_invalid_parameter,
                "custom is NULL: function custom needs a function to call");
  }
  *out = {desc.function, static_cast<double>(desc.alpha), static_cast<double>(desc.beta),
          desc.custom, desc.context};
  if (desc.alpha != 0) return qnnp_status_success;
  if (desc.function == qnnp_activation_leaky_relu) out->alpha = 0.01;
  if (desc.function == qnnp_activation_elu) out->alpha = 1;
  if (desc.function == qnnp_activation_hard_sigmoid) {
    out->alpha = 1.0 / 6;
    if (desc.beta == 0) out->beta = 0.5;
  }
  return qnnp_status_success;
}

}  // namespace qnnp
