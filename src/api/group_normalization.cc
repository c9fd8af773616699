// SPDX-License-Identifier: BSD-3-Clause
#include "operators/group_normalization.h"

using namespace qnnp;

extern "C" {

enum qnnp_status qnnp_create_group_normalization(const struct qnnp_group_normalization_desc* desc,
                                                 qnnp_operator_t* group_normalization_out) {
  QNNP_TRY(begin_create("qnnp_create_group_normalization", desc, group_normalization_out));
  return create_group_normalization(*desc, group_normalization_out);
}

enum qnnp_status qnnp_setup_group_normalization(qnnp_operator_t group_normalization,
                                                size_t batch_size, size_t width, const void* input,
                                                size_t input_stride, void* output,
                                                size_t output_stride) {
  return setup_group_normalization(group_normalization, batch_size, width, input, input_stride,
                                   output, output_stride);
}

}  // extern "C"
