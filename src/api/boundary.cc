// SPDX-License-Identifier: BSD-3-Clause
// Quantize and dequantize, and what to quantize with.
#include "operators/boundary.h"

#include "operators/dynamic.h"
#include "operators/elementwise.h"
#include "operators/typed.h"

using namespace qnnp;

extern "C" {

enum qnnp_status qnnp_choose_quantization(const float* data, size_t n, enum qnnp_datatype type,
                                          float* scale, int32_t* zero_point) {
  if (n != 0) QNNP_TRY(check_pointer(data, "data"));
  for (size_t i = 0; i < n; i++) {
    if (data[i] - data[i] == 0.0f) continue;
    return fail(qnnp_status_invalid_parameter, "data[%zu] is %g: it must be finite", i,
                static_cast<double>(data[i]));
  }
  QNNP_TRY(check_byte_type(type, "type"));
  QNNP_TRY(check_pointer(scale, "scale"));
  QNNP_TRY(check_pointer(zero_point, "zero_point"));
  const Quantization chosen = choose_quantization(data, n);
  *scale = chosen.scale;
  *zero_point = chosen.zero_point - flip_of(type);
  return qnnp_status_success;
}

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
