// SPDX-License-Identifier: BSD-3-Clause
// Convolution: the positional functions fill a description and call the one
// implementation.
#include "operators/convolution.h"

using namespace qnnp;

extern "C" {

enum qnnp_status qnnp_create_convolution2d(const struct qnnp_convolution2d_desc* desc,
                                           qnnp_operator_t* convolution_out) {
  QNNP_TRY(begin_create("qnnp_create_convolution2d", desc, convolution_out));
  return create_convolution(*desc, Form::description, convolution_out);
}

enum qnnp_status qnnp_setup_convolution2d(qnnp_operator_t convolution, size_t batch_size,
                                          size_t input_height, size_t input_width,
                                          const void* input, size_t input_stride, void* output,
                                          size_t output_stride) {
  return setup_convolution(convolution, batch_size, input_height, input_width, input, input_stride,
                           output, output_stride);
}

enum qnnp_status qnnp_create_convolution2d_nhwc_q8(
    uint32_t input_padding_top, uint32_t input_padding_right, uint32_t input_padding_bottom,
    uint32_t input_padding_left, uint32_t kernel_height, uint32_t kernel_width,
    uint32_t subsampling_height, uint32_t subsampling_width, uint32_t dilation_height,
    uint32_t dilation_width, uint32_t groups, size_t group_input_channels,
    size_t group_output_channels, uint8_t input_zero_point, float input_scale,
    uint8_t kernel_zero_point, float kernel_scale, const uint8_t* kernel, const int32_t* bias,
    uint8_t output_zero_point, float output_scale, uint8_t output_min, uint8_t output_max,
    uint32_t flags, qnnp_operator_t* convolution_out) {
  qnnp_convolution2d_desc desc = QNNP_CONVOLUTION2D_DESC_INIT;
  desc.input_padding_top = input_padding_top;
  desc.input_padding_right = input_padding_right;
  desc.input_padding_bottom = input_padding_bottom;
  desc.input_padding_left = input_padding_left;
  desc.kernel_height = kernel_height;
  desc.kernel_width = kernel_width;
  desc.subsampling_height = subsampling_height;
  desc.subsampling_width = subsampling_width;
  desc.dilation_height = dilation_height;
  desc.dilation_width = dilation_width;
  desc.groups = groups;
  desc.group_input_channels = group_input_channels;
  desc.group_output_channels = group_output_channels;
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
  QNNP_TRY(begin_create("qnnp_create_convolution2d_nhwc_q8", convolution_out, "convolution_out"));
  return create_convolution(desc, Form::positional, convolution_out);
}

enum qnnp_status qnnp_setup_convolution2d_nhwc_q8(qnnp_operator_t convolution, size_t batch_size,
                                                  size_t input_height, size_t input_width,
                                                  const uint8_t* input, size_t input_stride,
                                                  uint8_t* output, size_t output_stride,
                                                  pthreadpool_t) {
  return setup_convolution(convolution, batch_size, input_height, input_width, input, input_stride,
                           output, output_stride);
}

}  // extern "C"
