// SPDX-License-Identifier: BSD-3-Clause
#include "operators/fully_connected.h"

using namespace qnnp;

extern "C" {

enum qnnp_status qnnp_create_fully_connected(const struct qnnp_fully_connected_desc* desc,
                                             qnnp_operator_t* fully_connected_out) {
  QNNP_TRY(begin_create("qnnp_create_fully_connected", desc, fully_connected_out));
  return create_fully_connected(*desc, Form::description, fully_connected_out);
}

enum qnnp_status qnnp_setup_fully_connected(qnnp_operator_t fully_connected, size_t batch_size,
                                            const void* input, size_t input_stride, void* output,
                                            size_t output_stride) {
  return setup_fully_connected(fully_connected, batch_size, input, input_stride, output,
                               output_stride);
}

enum qnnp_status qnnp_create_fully_connected_nc_q8(
    size_t input_channels, size_t output_channels, uint8_t input_zero_point, float input_scale,
    uint8_t kernel_zero_point, float kernel_scale, const uint8_t* kernel, const int32_t* bias,
    uint8_t output_zero_point, float output_scale, uint8_t output_min, uint8_t output_max,
    uint32_t flags, qnnp_operator_t* fully_connected_out) {
  qnnp_fully_connected_desc desc = QNNP_FULLY_CONNECTED_DESC_INIT;
  desc.input_channels = input_channels;
  desc.output_channels = output_channels;
  desc.input_zero_point = input_zero_point;
  desc.input_scale = input_scale;
  desc.kernel_zero_point = kernel_zero_point;
  desc.kernel_scale = kernel_scale;
  desc.kernel = kernel;
  desc.bias = bias;
  desc.output_zero_point = output_zero_point;
  desc.output_scale = output_scale;
  desc.output_min = output_min;
  desc.output_max = output_max;
  desc.flags = flags;
  QNNP_TRY(begin_create("qnnp_create_fully_connected_nc_q8", fully_connected_out,
                        "fully_connected_out"));
  return create_fully_connected(desc, Form::positional, fully_connected_out);
}

enum qnnp_status qnnp_setup_fully_connected_nc_q8(qnnp_operator_t fully_connected,
                                                  size_t batch_size, const uint8_t* input,
                                                  size_t input_stride, uint8_t* output,
                                                  size_t output_stride) {
  return setup_fully_connected(fully_connected, batch_size, input, input_stride, output,
                               output_stride);
}

}  // extern "C"
