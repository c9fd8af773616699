// SPDX-License-Identifier: BSD-3-Clause
// Quantize and dequantize.
#include "operators/boundary.h"

#include "operators/elementwise.h"

using namespace qnnp;

extern "C" {

enum qnnp_status qnnp_create_quantize(const struct qnnp_quantize_desc* desc,
                                      qnnp_operator_t* quantize_out) {
  QNNP_TRY(begin_create("qnnp_create_quantize", desc, quantize_out));
  return create_quantize(*desc, quantize_out);
}

enum qnnp_status qnnp_setup_quantize(qnnp_operator_t quantize, size_t batch_size, const void* input,
                                     size_t input_stride, void* output, size_t output_stride) {
  return setup_unary(quantize, OperatorType::quantize, batch_size, input, input_stride, output,
                     output_stride);
}

enum qnnp_status qnnp_create_dequantize(const struct qnnp_dequantize_desc* desc,
                                        qnnp_operator_t* dequantize_out) {
  QNNP_TRY(begin_create("qnnp_create_dequantize", desc, dequantize_out));
  return create_dequantize(*desc, dequantize_out);
}

enum qnnp_status qnnp_setup_dequantize(qnnp_operator_t dequantize, size_t batch_size,
                                       const void* input, size_t input_stride, void* output,
                                       size_t output_stride) {
  return setup_unary(dequantize, OperatorType::dequantize, batch_size, input, input_stride, output,
                     output_stride);
}

}  // extern "C"
