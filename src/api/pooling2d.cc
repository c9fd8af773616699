// SPDX-License-Identifier: BSD-3-Clause
// Average and maximum of windows.
#include "operators/pooling2d.h"

using namespace qnnp;

extern "C" {

enum qnnp_status qnnp_create_average_pooling2d_nhwc_q8(
    uint32_t input_padding_top, uint32_t input_padding_right, uint32_t input_padding_bottom,
    uint32_t input_padding_left, uint32_t pooling_height, uint32_t pooling_width,
    uint32_t stride_height, uint32_t stride_width, size_t channels, uint8_t input_zero_point,
    float input_scale, uint8_t output_zero_point, float output_scale, uint8_t output_min,
    uint8_t output_max, uint32_t flags, qnnp_operator_t* average_pooling_out) {
  QNNP_TRY(begin_create("qnnp_create_average_pooling2d_nhwc_q8", average_pooling_out,
                        "average_pooling_out"));
  return create_pooling2d({false,
                           input_padding_top,
                           input_padding_right,
                           input_padding_bottom,
                           input_padding_left,
                           pooling_height,
                           pooling_width,
                           stride_height,
                           stride_width,
                           1,
                           1,
                           {channels, input_zero_point, input_scale, output_zero_point,
                            output_scale, output_min, output_max, flags}},
                          average_pooling_out);
}

enum qnnp_status qnnp_setup_average_pooling2d_nhwc_q8(qnnp_operator_t average_pooling,
                                                      size_t batch_size, size_t input_height,
                                                      size_t input_width, const uint8_t* input,
                                                      size_t input_stride, uint8_t* output,
                                                      size_t output_stride, pthreadpool_t) {
  return setup_pooling2d(average_pooling, OperatorType::average_pooling, batch_size, input_height,
                         input_width, input, input_stride, output, output_stride);
}

enum qnnp_status qnnp_create_max_pooling2d_nhwc_u8(
    uint32_t input_padding_top, uint32_t input_padding_right, uint32_t input_padding_bottom,
    uint32_t input_padding_left, uint32_t pooling_height, uint32_t pooling_width,
    uint32_t stride_height, uint32_t stride_width, uint32_t dilation_height,
    uint32_t dilation_width, size_t channels, uint8_t output_min, uint8_t output_max,
    uint32_t flags, qnnp_operator_t* max_pooling_out) {
  QNNP_TRY(begin_create("qnnp_create_max_pooling2d_nhwc_u8", max_pooling_out, "max_pooling_out"));
  return create_pooling2d({true,
                           input_padding_top,
                           input_padding_right,
                           input_padding_bottom,
                           input_padding_left,
                           pooling_height,
                           pooling_width,
                           stride_height,
                           stride_width,
                           dilation_height,
                           dilation_width,
                           {channels, 0, 0.0f, 0, 0.0f, output_min, output_max, flags}},
                          max_pooling_out);
}

enum qnnp_status qnnp_setup_max_pooling2d_nhwc_u8(qnnp_operator_t max_pooling, size_t batch_size,
                                                  size_t input_height, size_t input_width,
                                                  const uint8_t* input, size_t input_stride,
                                                  uint8_t* output, size_t output_stride,
                                                  pthreadpool_t) {
  return setup_pooling2d(max_pooling, OperatorType::max_pooling, batch_size, input_height,
                         input_width, input, input_stride, output, output_stride);
}

enum qnnp_status qnnp_create_pooling2d(const struct qnnp_pooling2d_desc* desc,
                                       qnnp_operator_t* pooling_out) {
  QNNP_TRY(begin_create("qnnp_create_pooling2d", desc, pooling_out));
  return create_pooling2d(*desc, pooling_out);
}

enum qnnp_status qnnp_setup_pooling2d(qnnp_operator_t pooling, size_t batch_size,
                                      size_t input_height, size_t input_width, const void* input,
                                      size_t input_stride, void* output, size_t output_stride) {
  // The handle may be of either operation.
  const bool maximum = pooling != nullptr && pooling->type == OperatorType::max_pooling;
  const OperatorType type = maximum ? OperatorType::max_pooling : OperatorType::average_pooling;
  return setup_pooling2d(pooling, type, batch_size, input_height, input_width,
                         static_cast<const uint8_t*>(input), input_stride,
                         static_cast<uint8_t*>(output), output_stride);
}

enum qnnp_status qnnp_pooling2d_output_size(const struct qnnp_pooling2d_desc* desc,
                                            size_t input_height, size_t input_width,
                                            size_t* output_height, size_t* output_width) {
  QNNP_TRY(check_pointer(desc, "desc"));
  QNNP_TRY(check_struct_size(desc->struct_size, sizeof(*desc)));
  return pooling2d_output_size(*desc, input_height, input_width, output_height, output_width);
}

}  // extern "C"
