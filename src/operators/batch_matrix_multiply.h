// SPDX-License-Identifier: BSD-3-Clause
// c[i] = a[i] * b[i] for a batch of matrices, both operands known at run time only.
#pragma once

#include "operators/operator.h"

namespace qnnp {

struct MatrixBinding {
  size_t batch_size, m, k, n;
  const uint8_t* a;
  size_t a_stride;
  const uint8_t* b;
  size_t b_stride;
  uint8_t* c;
  size_t c_stride;  // elements
};

Status create_batch_matrix_multiply(const qnnp_batch_matrix_multiply_desc& desc, Operator** out);
Status setup_batch_matrix_multiply(Operator* op, const MatrixBinding& binding);

}  // namespace qnnp
