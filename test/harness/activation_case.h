// SPDX-License-Identifier: BSD-3-Clause
// Descriptions of the table operators for their tests.
#pragma once

#include <qnnpack.h>

#include "harness/operator_checks.h"

namespace qnnp {
namespace test {

using Activation = qnnp_activation_desc;

inline Activation simple(enum qnnp_activation function) {
  Activation d = QNNP_ACTIVATION_DESC_INIT;
  d.channels = 5;
  d.function = function;
  d.input_scale = 0.0625f;
  d.output_scale = 0.03125f;
  d.input_zero_point = 100;
  d.output_zero_point = 40;
  return d;
}

inline OperatorHandle create(const Activation& d) {
  return create_operator([&](qnnp_operator_t* out) { return qnnp_create_activation(&d, out); });
}

struct ShortForm {
  size_t channels = 5;
  float slope = 0.25f;
  uint8_t input_zero_point = 100;
  float input_scale = 0.0625f;
  uint8_t output_zero_point = 40;
  float output_scale = 0.03125f;
  uint8_t output_min = 0, output_max = 255;
  uint32_t flags = 0;

  enum qnnp_status sigmoid(qnnp_operator_t* out) const {
    return qnnp_create_sigmoid_nc_q8(channels, input_zero_point, input_scale, output_zero_point,
                                     output_scale, output_min, output_max, flags, out);
  }
  enum qnnp_status leaky_relu(qnnp_operator_t* out) const {
    return qnnp_create_leaky_relu_nc_q8(channels, slope, input_zero_point, input_scale,
                                        output_zero_point, output_scale, output_min, output_max,
                                        flags, out);
  }
  Activation long_form(enum qnnp_activation function) const {
    Activation d = simple(function);
    d.alpha = slope;
    d.input_zero_point = input_zero_point;
    d.input_scale = input_scale;
    d.output_zero_point = output_zero_point;
    d.output_scale = output_scale;
    d.output_min = output_min;
    d.output_max = output_max;
    return d;
  }
};

inline qnnp_requantize_desc conversion(enum qnnp_datatype from, enum qnnp_datatype to) {
  qnnp_requantize_desc d = QNNP_REQUANTIZE_DESC_INIT;
  d.channels = 256;
  d.input_type = from;
  d.output_type = to;
  d.input_scale = d.output_scale = 0.0123f;
  d.input_zero_point = from == qnnp_datatype_int8 ? -28 : 100;
  d.output_zero_point = to == qnnp_datatype_int8 ? -28 : 100;
  return d;
}

}  // namespace test
}  // namespace qnnp
