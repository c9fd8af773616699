/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Between float32, float16 and 8 bits, and between two quantizations. Included by
 * qnnpack.h. */
#pragma once

#include "qnnpack/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Scale and zero point of data ------------------------------------------------------------ */

/* The uint8 or int8 quantization that covers n values and 0, as ONNX DynamicQuantizeLinear has it:
 * scale = (high - low) / 255, zero_point = round_half_even(-low / scale), for int8 128 less. Zeros,
 * or n = 0, give scale 1 and zero_point 0 (int8: -128). Only values whose range is below 255 *
 * 2^-126 get a scale that is denormal, which operators refuse. Needs no qnnp_initialize. Errors,
 * after which *scale and *zero_point are as before: invalid_parameter for NULL (data may be NULL
 * when n is 0), a value that is not finite, another type. */
QNNP_API enum qnnp_status qnnp_choose_quantization(const float* data, size_t n,
                                                   enum qnnp_datatype type, float* scale,
                                                   int32_t* zero_point);

/* ---- Quantize and dequantize ----------------------------------------------------------------- */

/* output = round_half_even(input / output_scale) + output_zero_point, limited to [output_min,
 * output_max]; the quotient is one fp32 division, as ONNX's QuantizeLinear has it. Infinities give
 * the limits, NaN counts as 0. float16 is IEEE binary16 and becomes float32 first, exactly. */
struct qnnp_quantize_desc {
  size_t struct_size;
  size_t channels;
  enum qnnp_datatype input_type;  /* float32 or float16; aligned as such */
  enum qnnp_datatype output_type; /* uint8 or int8 */
  float output_scale;
  int32_t output_zero_point;      /* in the range of its type */
  int32_t output_min, output_max; /* both 0: the whole range */
  uint32_t flags;
};
#define QNNP_QUANTIZE_DESC_INIT                                                                   \
  {                                                                                               \
    sizeof(struct qnnp_quantize_desc), 0, qnnp_datatype_float32, qnnp_datatype_uint8, 0.0f, 0, 0, \
        0, 0                                                                                      \
  }
/* Errors: uninitialized; invalid_parameter for NULL, a struct_size of no known version, and in the
 * order of the fields: channels zero, a type that is not one of those above, a scale that is not a
 * positive normal float, a zero point or limit outside its type, output_min > output_max, flags;
 * out_of_memory. */
QNNP_API enum qnnp_status qnnp_create_quantize(const struct qnnp_quantize_desc* desc,
                                               qnnp_operator_t* quantize_out);
/* Strides count elements. Input and output must not overlap. Errors as qnnp_setup_activation. */
QNNP_API enum qnnp_status qnnp_setup_quantize(qnnp_operator_t quantize, size_t batch_size,
                                              const void* input, size_t input_stride, void* output,
                                              size_t output_stride);

/* output = (input - input_zero_point) * input_scale: one fp32 product; for float16 rounded once
 * more, to nearest, ties to even (65520 and above: infinity). */
struct qnnp_dequantize_desc {
  size_t struct_size;
  size_t channels;
  enum qnnp_datatype input_type;  /* uint8 or int8 */
  enum qnnp_datatype output_type; /* float32 or float16; aligned as such */
  float input_scale;
  int32_t input_zero_point; /* in the range of its type */
  uint32_t flags;
};
#define QNNP_DEQUANTIZE_DESC_INIT \
  { sizeof(struct qnnp_dequantize_desc), 0, qnnp_datatype_uint8, qnnp_datatype_float32, 0.0f, 0, 0 }
/* Errors as qnnp_create_quantize. */
QNNP_API enum qnnp_status qnnp_create_dequantize(const struct qnnp_dequantize_desc* desc,
                                                 qnnp_operator_t* dequantize_out);
/* Strides count elements. Input and output must not overlap. Errors as qnnp_setup_activation. */
QNNP_API enum qnnp_status qnnp_setup_dequantize(qnnp_operator_t dequantize, size_t batch_size,
                                                const void* input, size_t input_stride,
                                                void* output, size_t output_stride);

/* ---- Between two quantizations --------------------------------------------------------------- */

/* The same real numbers with another scale, zero point or type: round_half_even(input_scale * (q -
 * input_zero_point) / output_scale) + output_zero_point, limited to [output_min, output_max]. With
 * equal scales, int8 at one side, uint8 at the other and zero points that differ by 128, this is
 * exactly the XOR with 0x80. In place allowed. */
struct qnnp_requantize_desc {
  size_t struct_size;
  size_t channels;
  enum qnnp_datatype input_type, output_type; /* uint8 or int8 */
  float input_scale, output_scale;
  int32_t input_zero_point, output_zero_point; /* in the range of their types */
  int32_t output_min, output_max;              /* both 0: the whole range */
  uint32_t flags;
};
#define QNNP_REQUANTIZE_DESC_INIT                                                                 \
  {                                                                                               \
    sizeof(struct qnnp_requantize_desc), 0, qnnp_datatype_uint8, qnnp_datatype_uint8, 0.0f, 0.0f, \
        0, 0, 0, 0, 0                                                                             \
  }
/* Errors: uninitialized; invalid_parameter for NULL, a struct_size of no known version, and in the
 * order of the fields: channels zero, a type other than uint8 and int8, a scale that is not a
 * positive normal float, a zero point or limit outside its type, output_min > output_max, flags;
 * out_of_memory. */
QNNP_API enum qnnp_status qnnp_create_requantize(const struct qnnp_requantize_desc* desc,
                                                 qnnp_operator_t* requantize_out);
/* Errors as qnnp_setup_activation. */
QNNP_API enum qnnp_status qnnp_setup_requantize(qnnp_operator_t requantize, size_t batch_size,
                                                const void* input, size_t input_stride,
                                                void* output, size_t output_stride);

#ifdef __cplusplus
} /* extern "C" */
#endif
