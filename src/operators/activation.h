// SPDX-License-Identifier: BSD-3-Clause
// Operators that are a table of 256 bytes, NC, in place allowed: sigmoid, leaky relu, activations,
// requantization between two quantizations.
#pragma once

#include "operators/operator.h"

namespace qnnp {

// The short form of sigmoid and leaky relu: uint8.
struct TableDesc {
  size_t channels;
  uint8_t input_zero_point;
  float input_scale;
  uint8_t output_zero_point;
  float output_scale;
  uint8_t output_min, output_max;
  uint32_t flags;
};

Status create_sigmoid(const TableDesc& desc, Operator** out);
Status create_leaky_relu(const TableDesc& desc, float negative_slope, Operator** out);
Status create_activation(const qnnp_activation_desc& desc, Operator** out);
Status create_requantize(const qnnp_requantize_desc& desc, Operator** out);

}  // namespace qnnp
