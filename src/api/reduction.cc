// SPDX-License-Identifier: BSD-3-Clause
// Reductions over axes, argmax.
#include "operators/argmax.h"
#include "operators/reduce.h"

using namespace qnnp;

extern "C" {

enum qnnp_status qnnp_create_reduce(const struct qnnp_reduce_desc* desc,
                                    qnnp_operator_t* reduce_out) {
  QNNP_TRY(begin_create("qnnp_create_reduce", desc, reduce_out));
  return create_reduce(*desc, reduce_out);
}

enum qnnp_status qnnp_setup_reduce(qnnp_operator_t reduce, size_t dimensions, const size_t* sizes,
                                   const void* input, void* output) {
  return setup_reduce(reduce, dimensions, sizes, static_cast<const uint8_t*>(input),
                      static_cast<uint8_t*>(output));
}

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
