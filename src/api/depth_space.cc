// SPDX-License-Identifier: BSD-3-Clause
// Depth to space, space to depth.
#include "operators/depth_space.h"

using namespace qnnp;

extern "C" {

enum qnnp_status qnnp_create_depth_to_space(const struct qnnp_depth_space_desc* desc,
                                            qnnp_operator_t* depth_to_space_out) {
  QNNP_TRY(begin_create("qnnp_create_depth_to_space", desc, depth_to_space_out));
  return create_depth_space(OperatorType::depth_to_space, *desc, depth_to_space_out);
}

enum qnnp_status qnnp_setup_depth_to_space(qnnp_operator_t depth_to_space, size_t batch_size,
                                           size_t input_height, size_t input_width,
                                           const void* input, size_t input_stride, void* output,
                                           size_t output_stride) {
  return setup_depth_space(depth_to_space, OperatorType::depth_to_space, batch_size, input_height,
                           input_width, input, input_stride, output, output_stride);
}

enum qnnp_status qnnp_create_space_to_depth(const struct qnnp_depth_space_desc* desc,
                                            qnnp_operator_t* space_to_depth_out) {
  QNNP_TRY(begin_create("qnnp_create_space_to_depth", desc, space_to_depth_out));
  return create_depth_space(OperatorType::space_to_depth, *desc, space_to_depth_out);
}

enum qnnp_status qnnp_setup_space_to_depth(qnnp_operator_t space_to_depth, size_t batch_size,
                                           size_t input_height, size_t input_width,
                                           const void* input, size_t input_stride, void* output,
                                           size_t output_stride) {
  return setup_depth_space(space_to_depth, OperatorType::space_to_depth, batch_size, input_height,
                           input_width, input, input_stride, output, output_stride);
}

}  // extern "C"
