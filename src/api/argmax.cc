// SPDX-License-Identifier: BSD-3-Clause
#include "operators/argmax.h"

using namespace qnnp;

extern "C" {

enum qnnp_status qnnp_create_argmax(const struct qnnp_argmax_desc* desc,
                                    qnnp_operator_t* argmax_out) {
  QNNP_TRY(begin_create("qnnp_create_argmax", desc, argmax_out));
  return create_argmax(*desc, argmax_out);
}

enum qnnp_status qnnp_setup_argmax(qnnp_operator_t argmax, size_t batch_size, const void* input,
                                   size_t input_stride, void* output, size_t output_stride) {
  return setup_argmax(argmax, batch_size, static_cast<const uint8_t*>(input), input_stride, output,
                      output_stride);
}

}  // extern "C"
