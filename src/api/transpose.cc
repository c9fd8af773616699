// SPDX-License-Identifier: BSD-3-Clause
#include "operators/transpose.h"

using namespace qnnp;

extern "C" {

enum qnnp_status qnnp_create_transpose(const struct qnnp_transpose_desc* desc,
                                       qnnp_operator_t* transpose_out) {
  QNNP_TRY(begin_create("qnnp_create_transpose", desc, transpose_out));
  return create_transpose(*desc, transpose_out);
}

enum qnnp_status qnnp_setup_transpose(qnnp_operator_t transpose, const size_t* shape,
                                      const void* input, void* output) {
  return setup_transpose(transpose, shape, input, output);
}

}  // extern "C"
