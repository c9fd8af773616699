// SPDX-License-Identifier: BSD-3-Clause
// Sigmoid, leaky relu, activations, requantization.
#include "operators/activation.h"

#include "operators/elementwise.h"

using namespace qnnp;

extern "C" {

enum qnnp_status qnnp_create_sigmoid_nc_q8(size_t channels, uint8_t input_zero_point,
                                           float input_scale, uint8_t output_zero_point,
                                           float output_scale, uint8_t output_min,
                                           uint8_t output_max, uint32_t flags,
                                           qnnp_operator_t* sigmoid_out) {
  QNNP_TRY(begin_create("qnnp_create_sigmoid_nc_q8", sigmoid_out, "sigmoid_out"));
  return create_sigmoid({channels, input_zero_point, input_scale, output_zero_point, output_scale,
                         output_min, output_max, flags},
                        sigmoid_out);
}

enum qnnp_status qnnp_setup_sigmoid_nc_q8(qnnp_operator_t sigmoid, size_t batch_size,
                                          const uint8_t* input, size_t input_stride,
                                          uint8_t* output, size_t output_stride) {
  return setup_unary(sigmoid, OperatorType::sigmoid, batch_size, input, input_stride, output,
                     output_stride);
}

enum qnnp_status qnnp_create_leaky_relu_nc_q8(size_t channels, float negative_slope,
                                              uint8_t input_zero_point, float input_scale,
                                              uint8_t output_zero_point, float output_scale,
                                              uint8_t output_min, uint8_t output_max,
                                              uint32_t flags, qnnp_operator_t* leaky_relu_out) {
  QNNP_TRY(begin_create("qnnp_create_leaky_relu_nc_q8", leaky_relu_out, "leaky_relu_out"));
  return create_leaky_relu({channels, input_zero_point, input_scale, output_zero_point,
                            output_scale, output_min, output_max, flags},
                           negative_slope, leaky_relu_out);
}

enum qnnp_status qnnp_setup_leaky_relu_nc_q8(qnnp_operator_t leaky_relu, size_t batch_size,
                                             const uint8_t* input, size_t input_stride,
                                             uint8_t* output, size_t output_stride) {
  return setup_unary(leaky_relu, OperatorType::leaky_relu, batch_size, input, input_stride, output,
                     output_stride);
}

enum qnnp_status qnnp_create_activation(const struct qnnp_activation_desc* desc,
                                        qnnp_operator_t* activation_out) {
  QNNP_TRY(begin_create("qnnp_create_activation", desc, activation_out));
  return create_activation(*desc, activation_out);
}

enum qnnp_status qnnp_setup_activation(qnnp_operator_t activation, size_t batch_size,
                                       const void* input, size_t input_stride, void* output,
                                       size_t output_stride) {
  return setup_unary(activation, OperatorType::activation, batch_size, input, input_stride, output,
                     output_stride);
}

enum qnnp_status qnnp_create_requantize(const struct qnnp_requantize_desc* desc,
                                        qnnp_operator_t* requantize_out) {
  QNNP_TRY(begin_create("qnnp_create_requantize", desc, requantize_out));
  return create_requantize(*desc, requantize_out);
}

enum qnnp_status qnnp_setup_requantize(qnnp_operator_t requantize, size_t batch_size,
                                       const void* input, size_t input_stride, void* output,
                                       size_t output_stride) {
  return setup_unary(requantize, OperatorType::requantize, batch_size, input, input_stride, output,
                     output_stride);
}

}  // extern "C"
