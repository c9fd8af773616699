// SPDX-License-Identifier: BSD-3-Clause
#include "operators/locally_connected.h"

using namespace qnnp;

extern "C" {

enum qnnp_status qnnp_create_locally_connected2d(const struct qnnp_locally_connected2d_desc* desc,
                                                 qnnp_operator_t* locally_connected_out) {
  QNNP_TRY(begin_create("qnnp_create_locally_connected2d", desc, locally_connected_out));
  return create_locally_connected(*desc, locally_connected_out);
}

enum qnnp_status qnnp_setup_locally_connected2d(qnnp_operator_t locally_connected,
                                                size_t batch_size, const void* input,
                                                size_t input_stride, void* output,
                                                size_t output_stride) {
  return setup_locally_connected(locally_connected, batch_size, input, input_stride, output,
                                 output_stride);
}

}  // extern "C"
