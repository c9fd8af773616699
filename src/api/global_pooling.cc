// SPDX-License-Identifier: BSD-3-Clause
// Average and maximum of whole images.
#include "operators/global_pooling.h"

using namespace qnnp;

extern "C" {

enum qnnp_status qnnp_create_global_average_pooling_nwc_q8(
    size_t channels, uint8_t input_zero_point, float input_scale, uint8_t output_zero_point,
    float output_scale, uint8_t output_min, uint8_t output_max, uint32_t flags,
    qnnp_operator_t* global_average_pooling_out) {
  QNNP_TRY(begin_create("qnnp_create_global_average_pooling_nwc_q8", global_average_pooling_out,
                        "global_average_pooling_out"));
  return create_global_pooling(false,
                               {channels, input_zero_point, input_scale, output_zero_point,
                                output_scale, output_min, output_max, flags},
                               global_average_pooling_out);
}

enum qnnp_status qnnp_setup_global_average_pooling_nwc_q8(qnnp_operator_t global_average_pooling,
                                                          size_t batch_size, size_t width,
                                                          const uint8_t* input, size_t input_stride,
                                                          uint8_t* output, size_t output_stride) {
  return setup_global_pooling(global_average_pooling, OperatorType::global_average_pooling,
                              batch_size, width, input, input_stride, output, output_stride);
}

enum qnnp_status qnnp_create_global_pooling(const struct qnnp_global_pooling_desc* desc,
                                            qnnp_operator_t* pooling_out) {
  QNNP_TRY(begin_create("qnnp_create_global_pooling", desc, pooling_out));
  return create_global_pooling(*desc, pooling_out);
}

enum qnnp_status qnnp_setup_global_pooling(qnnp_operator_t pooling, size_t batch_size, size_t width,
                                           const void* input, size_t input_stride, void* output,
                                           size_t output_stride) {
  // The handle may be of either operation.
  const bool maximum = pooling != nullptr && pooling->type == OperatorType::global_max_pooling;
  const OperatorType type =
      maximum ? OperatorType::global_max_pooling : OperatorType::global_average_pooling;
  return setup_global_pooling(pooling, type, batch_size, width, static_cast<const uint8_t*>(input),
                              input_stride, static_cast<uint8_t*>(output), output_stride);
}

}  // extern "C"
