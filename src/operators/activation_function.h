// SPDX-License-Identifier: BSD-3-Clause
// Functions of a real number for tables: doubles through base/exp.h, the same bits everywhere
// (doc/quantization.md, "Functions of one byte"). Above: activation.cc.
#pragma once

#include "operators/operator.h"

namespace qnnp {

struct ActivationFunction {
  enum qnnp_activation function = qnnp_activation_identity;
  double alpha = 0, beta = 0;
  double (*custom)(double x, void* context) = nullptr;
  void* context = nullptr;

  double operator()(double x) const;
};

// alpha and beta of 0 become the function's defaults. Invalid: an unknown function, a parameter
// that is not finite, custom without a function.
Status activation_function(const qnnp_activation_desc& desc, ActivationFunction* out);

}  // namespace qnnp
