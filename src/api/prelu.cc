// SPDX-License-Identifier: BSD-3-Clause
#include "operators/prelu.h"

#include "operators/elementwise.h"

using namespace qnnp;

extern "C" {

enum qnnp_status qnnp_create_prelu(const struct qnnp_prelu_desc* desc, qnnp_operator_t* prelu_out) {
  QNNP_TRY(begin_create("qnnp_create_prelu", desc, prelu_out));
  return create_prelu(*desc, prelu_out);
}

enum qnnp_status qnnp_setup_prelu(qnnp_operator_t prelu, size_t batch_size, const void* input,
                                  size_t input_stride, void* output, size_t output_stride) {
  return setup_unary(prelu, OperatorType::prelu, batch_size, input, input_stride, output,
                     output_stride);
}

}  // extern "C"
