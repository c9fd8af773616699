// SPDX-License-Identifier: BSD-3-Clause
#include "operators/deconvolution.h"

using namespace qnnp;

extern "C" {

enum qnnp_status qnnp_create_deconvolution2d(const struct qnnp_deconvolution2d_desc* desc,
                                             qnnp_operator_t* deconvolution_out) {
  QNNP_TRY(begin_create("qnnp_create_deconvolution2d", desc, deconvolution_out));
  return create_deconvolution(*desc, Form::description, deconvolution_out);
}

enum qnnp_status qnnp_setup_deconvolution2d(qnnp_operator_t deconvolution, size_t batch_size,
                                            size_t input_height, size_t input_width,
                                            const void* input, size_t input_stride, void* output,
                                            size_t output_stride) {
  return setup_deconvolution(deconvolution, batch_size, input_height, input_width, input,
                             input_stride, output, output_stride);
}

enum qnnp_status qnnp_create_deconvolution2d_nhwc_q8(
    uint32_t input_padding_top, uint32_t input_padding_right, uint32_t input_padding_bottom,
    uint32_t input_padding_left, uint32_t adjustment_height, uint32_t adjustment_width,
    uint32_t kernel_height, uint32_t kernel_width, uint32_t stride_height, uint32_t stride_width,
    uint32_t dilation_height, uint32_t dilation_width, uint32_t groups, size_t group_input_channels,
    size_t group_output_channels, uint8_t input_zero_point, float input_scale,
    uint8_t kernel_zero_point, float kernel_scale, const uint8_t* kernel, const int32_t* bias,
    uint8_t output_zero_point, float output_scale, uint8_t output_min, uint8_t output_max,
    uint32_t flags, qnnp_operator_t* deconvolution_out) {
  qnnp_deconvolution2d_desc desc = QNNP_DECONVOLUTION2D_DESC_INIT;
  desc.input_padding_top = input_padding_top;
  desc.input_padding_right = input_padding_right;
  desc.input_padding_bottom = input_padding_bottom;
  desc.input_padding_left = input_padding_left;
  desc.adjustment_height = adjustment_height;
  desc.adjustment_width = adjustment_width;
  desc.kernel_height = kernel_height;
  desc.kernel_width = kernel_width;
  desc.stride_height = stride_height;
  desc.stride_width = stride_width;
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
  QNNP_TRY(
      begin_create("qnnp_create_deconvolution2d_nhwc_q8", deconvolution_out, "deconvolution_out"));
  return create_deconvolution(desc, Form::positional, deconvolution_out);
}

enum qnnp_status qnnp_setup_deconvolution2d_nhwc_q8(qnnp_operator_t deconvolution,
                                                    size_t batch_size, size_t input_height,
                                                    size_t input_width, const uint8_t* input,
                                                    size_t input_stride, uint8_t* output,
                                                    size_t output_stride, pthreadpool_t) {
  return setup_deconvolution(deconvolution, batch_size, input_height, input_width, input,
                             input_stride, output, output_stride);
}

}  // extern "C"
