// SPDX-License-Identifier: BSD-3-Clause
#include "operators/copy.h"

using namespace qnnp;

extern "C" {

enum qnnp_status qnnp_create_copy(const struct qnnp_copy_desc* desc, qnnp_operator_t* copy_out) {
  QNNP_TRY(begin_create("qnnp_create_copy", desc, copy_out));
  return create_copy(*desc, copy_out);
}

enum qnnp_status qnnp_setup_copy(qnnp_operator_t copy, size_t batch_size, const void* input,
                                 size_t input_stride, void* output, size_t output_stride) {
  return setup_copy(copy, batch_size, input, input_stride, output, output_stride);
}

}  // extern "C"
