// SPDX-License-Identifier: BSD-3-Clause
#include "operators/batch_matrix_multiply.h"

using namespace qnnp;

extern "C" {

enum qnnp_status qnnp_create_batch_matrix_multiply(
    const struct qnnp_batch_matrix_multiply_desc* desc, qnnp_operator_t* multiply_out) {
  QNNP_TRY(begin_create("qnnp_create_batch_matrix_multiply", desc, multiply_out));
  return create_batch_matrix_multiply(*desc, multiply_out);
}

enum qnnp_status qnnp_setup_batch_matrix_multiply(qnnp_operator_t multiply, size_t batch_size,
                                                  size_t m, size_t k, size_t n, const void* a,
                                                  size_t a_stride, const void* b, size_t b_stride,
                                                  void* c, size_t c_stride) {
  return setup_batch_matrix_multiply(
      multiply, {batch_size, m, k, n, static_cast<const uint8_t*>(a), a_stride,
                 static_cast<const uint8_t*>(b), b_stride, static_cast<uint8_t*>(c), c_stride});
}

}  // extern "C"
