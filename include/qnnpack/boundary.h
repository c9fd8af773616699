/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Between float32, float16 and 8 bits, and between two quantizations. Included by
 * qnnpack.h. */
#pragma once

#include "qnnpack/base.h"

#ifdef __cplusplus
extern "C" {
#endif

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
