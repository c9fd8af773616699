/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Elementwise operators, lookup tables, softargmax, normalization: the long forms. Included by
 * qnnpack.h. */
#pragma once

#include "qnnpack/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Two tensors ----------------------------------------------------------------------------- */

enum qnnp_binary_operation QNNP_INT_ENUM {
  qnnp_binary_operation_add = 0,
  qnnp_binary_operation_subtract = 1, /* a - b */
  qnnp_binary_operation_multiply = 2,
};

/* output = a + b, a - b or a * b in real numbers, of tensors of `channels` elements a row; each has
 * its type, scale and zero point. */
struct qnnp_binary_desc {
  size_t struct_size;
  enum qnnp_binary_operation operation;
  size_t channels;
  enum qnnp_datatype a_type; /* these three: uint8 or int8 */
  int32_t a_zero_point;      /* in the range of its type */
  float a_scale;
  enum qnnp_datatype b_type;
  int32_t b_zero_point;
  float b_scale;
  enum qnnp_datatype output_type;
  int32_t output_zero_point;
  float output_scale;
  int32_t output_min, output_max; /* both 0: the whole range of output_type */
  uint32_t flags;
};
#define QNNP_BINARY_DESC_INIT                                                                    \
  {                                                                                              \
    sizeof(struct qnnp_binary_desc), qnnp_binary_operation_add, 0, qnnp_datatype_uint8, 0, 0.0f, \
        qnnp_datatype_uint8, 0, 0.0f, qnnp_datatype_uint8, 0, 0.0f, 0, 0, 0                      \
  }
/* Errors: uninitialized; invalid_parameter for NULL, a struct_size of no known version, an unknown
 * operation or type, channels zero, a zero point or limit outside its type, a scale that is not a
 * positive normal float, output_min > output_max, flags; unsupported_parameter, for add and
 * subtract, when a_scale / output_scale or b_scale / output_scale is outside [2^-14, 2^8), for
 * multiply when a_scale * b_scale / output_scale is not a positive normal float; out_of_memory. */
QNNP_API enum qnnp_status qnnp_create_binary(const struct qnnp_binary_desc* desc,
                                             qnnp_operator_t* binary_out);

/* A stride of 0 for a or b: its one row of `channels` elements meets every row of the batch. Per
 * channel that is a bias or a factor (squeeze and excite: rows are the pixels of one image), and a
 * scalar when channels is 1. The output may be a or b, unless that is such a row. Errors:
 * uninitialized; invalid_parameter for NULL, an operator of another kind, another stride below the
 * channels; unsupported_parameter for overflowing sizes. A failed setup leaves the operator as it
 * was. */
QNNP_API enum qnnp_status qnnp_setup_binary(qnnp_operator_t binary, size_t batch_size,
                                            const void* a, size_t a_stride, const void* b,
                                            size_t b_stride, void* output, size_t output_stride);

/* ---- Clamp, softargmax ----------------------------------------------------------------------- */

/* output = min(max(input, output_min), output_max). Where the types differ, the real number stays
 * and the zero point moves by 128: uint8 q becomes int8 q - 128. In place allowed. */
struct qnnp_clamp_desc {
  size_t struct_size;
  size_t channels;
  enum qnnp_datatype input_type, output_type; /* uint8 or int8 */
  int32_t output_min, output_max;             /* of output_type; both 0: its whole range */
  uint32_t flags;
};
#define QNNP_CLAMP_DESC_INIT \
  { sizeof(struct qnnp_clamp_desc), 0, qnnp_datatype_uint8, qnnp_datatype_uint8, 0, 0, 0 }
/* Errors: uninitialized; invalid_parameter for NULL, a struct_size of no known version, channels
 * zero, another type, a limit outside output_type, output_min > output_max, flags;
 * out_of_memory. */
QNNP_API enum qnnp_status qnnp_create_clamp(const struct qnnp_clamp_desc* desc,
                                            qnnp_operator_t* clamp_out);
QNNP_API enum qnnp_status qnnp_setup_clamp(qnnp_operator_t clamp, size_t batch_size,
                                           const void* input, size_t input_stride, void* output,
                                           size_t output_stride);

/* Softmax over the channels of each row: output = e^(input - largest) / sum of the same. A factor
 * of the exponent (TFLite's beta) belongs into input_scale; a zero point of the input would change
 * nothing. The output has scale 1/256 and zero point 0 as uint8, -128 as int8. In place allowed. */
struct qnnp_softargmax_desc {
  size_t struct_size;
  size_t channels;
  enum qnnp_datatype input_type, output_type; /* uint8 or int8 */
  float input_scale;
  uint32_t flags;
};
#define QNNP_SOFTARGMAX_DESC_INIT \
  { sizeof(struct qnnp_softargmax_desc), 0, qnnp_datatype_uint8, qnnp_datatype_uint8, 0.0f, 0 }
/* Errors: uninitialized; invalid_parameter for NULL, a struct_size of no known version, channels
 * zero, another type, a scale that is not a positive normal float, flags; unsupported_parameter for
 * 2^32 channels or more; out_of_memory. */
QNNP_API enum qnnp_status qnnp_create_softargmax(const struct qnnp_softargmax_desc* desc,
                                                 qnnp_operator_t* softargmax_out);
QNNP_API enum qnnp_status qnnp_setup_softargmax(qnnp_operator_t softargmax, size_t batch_size,
                                                const void* input, size_t input_stride,
                                                void* output, size_t output_stride);

/* ---- Normalization --------------------------------------------------------------------------- */

/* output = gamma[c] * (input - mean) / sqrt(variance + epsilon) + beta[c] in real numbers, mean and
 * variance (divided by the count) of every image and group over all its pixels and the group's
 * channels, which lie together. One group: layer normalization over the image; groups = channels:
 * instance normalization; width 1 and one group: layer normalization of the rows of NC. Where all
 * elements of a group are equal the output is beta. A zero point of the input would change nothing.
 * Source: Wu and He, Group Normalization, 2018. */
struct qnnp_group_normalization_desc {
  size_t struct_size;
  size_t channels;
  size_t groups;      /* divides channels; 0: 1 */
  const float* gamma; /* channels of each, copied; NULL: 1 */
  const float* beta;  /* NULL: 0 */
  float epsilon;      /* finite, not negative; in the square of the real numbers' unit */
  enum qnnp_datatype input_type, output_type; /* uint8 or int8 */
  float input_scale, output_scale;
  int32_t output_zero_point;
  int32_t output_min, output_max; /* both 0: the whole range of output_type */
  uint32_t flags;
};
#define QNNP_GROUP_NORMALIZATION_DESC_INIT                                                     \
  {                                                                                            \
    sizeof(struct qnnp_group_normalization_desc), 0, 0, NULL, NULL, 0.0f, qnnp_datatype_uint8, \
        qnnp_datatype_uint8, 0.0f, 0.0f, 0, 0, 0, 0                                            \
  }
/* Errors: uninitialized; invalid_parameter for NULL, a struct_size of no known version, channels
 * zero, groups that do not divide them, an epsilon, gamma or beta that is not finite, a negative
 * epsilon, another type, a scale that is not a positive normal float, a zero point or limit outside
 * output_type, output_min > output_max, flags; unsupported_parameter for |gamma| / output_scale
 * above 2^12 or |beta| / output_scale above 2^24; out_of_memory. */
QNNP_API enum qnnp_status qnnp_create_group_normalization(
    const struct qnnp_group_normalization_desc* desc, qnnp_operator_t* group_normalization_out);
/* Pixels of an image and images are dense: pixel x of image i starts at (i * width + x) * stride.
 * In place allowed. Errors: uninitialized; invalid_parameter for NULL, an operator of another kind,
 * width zero, a stride below the channels; unsupported_parameter for overflowing sizes or
 * width * channels / groups of 2^32 or more; out_of_memory. A failed setup leaves the operator as
 * it was. */
QNNP_API enum qnnp_status qnnp_setup_group_normalization(qnnp_operator_t group_normalization,
                                                         size_t batch_size, size_t width,
                                                         const void* input, size_t input_stride,
                                                         void* output, size_t output_stride);

/* ---- Activations: functions of one element --------------------------------------------------- */

/* f(x) of a real number x; alpha and beta are of the description. */
enum qnnp_activation QNNP_INT_ENUM {
  qnnp_activation_custom = 0,        /* the caller's function */
  qnnp_activation_identity = 1,      /* x: another quantization of the same numbers */
  qnnp_activation_sigmoid = 2,       /* 1 / (1 + e^-x) */
  qnnp_activation_swish = 3,         /* x * sigmoid(x); also called SiLU */
  qnnp_activation_tanh = 4,          /* (e^x - e^-x) / (e^x + e^-x) */
  qnnp_activation_relu = 5,          /* max(x, 0) */
  qnnp_activation_relu6 = 6,         /* min(max(x, 0), 6) */
  qnnp_activation_relu_n1_to_1 = 7,  /* min(max(x, -1), 1) */
  qnnp_activation_leaky_relu = 8,    /* x < 0: alpha * x, else x; alpha 0 -> 0.01 */
  qnnp_activation_elu = 9,           /* x < 0: alpha * (e^x - 1), else x; alpha 0 -> 1 */
  qnnp_activation_hard_sigmoid = 10, /* min(max(alpha * x + beta, 0), 1); alpha 0 -> 1/6, and then
                                       beta 0 -> 1/2 */
  qnnp_activation_hard_swish = 11,   /* x * min(max(x + 3, 0), 6) / 6 */
};

/* output = f(input) in real numbers, rounded to the nearest quantized value, ties to even: one
 * table of 256 bytes whatever the function. In place allowed. */
struct qnnp_activation_desc {
  size_t struct_size;
  size_t channels;
  enum qnnp_activation function;
  float alpha, beta; /* finite; functions without them ignore them */
  /* Called in create only, once for each of the 256 input values, from the lowest to the highest.
   * Its results may be infinite. */
  double (*custom)(double x, void* context);
  void* context;
  enum qnnp_datatype input_type, output_type; /* uint8 or int8 */
  float input_scale, output_scale;
  int32_t input_zero_point, output_zero_point; /* in the range of their types */
  int32_t output_min, output_max;              /* both 0: the whole range */
  uint32_t flags;
};
#define QNNP_ACTIVATION_DESC_INIT                                                           \
  {                                                                                         \
    sizeof(struct qnnp_activation_desc), 0, qnnp_activation_custom, 0.0f, 0.0f, NULL, NULL, \
        qnnp_datatype_uint8, qnnp_datatype_uint8, 0.0f, 0.0f, 0, 0, 0, 0, 0                 \
  }
/* Errors: uninitialized; invalid_parameter for NULL, a struct_size of no known version, and in the
 * order of the fields: channels zero, an unknown function, alpha or beta not finite, function
 * custom without one, a type other than uint8 and int8, a scale that is not a positive normal
 * float, a zero point or limit outside its type, output_min > output_max, flags, a NaN from the
 * custom function; out_of_memory. */
QNNP_API enum qnnp_status qnnp_create_activation(const struct qnnp_activation_desc* desc,
                                                 qnnp_operator_t* activation_out);
/* input and output: bytes of their types. Errors of every NC setup: uninitialized;
 * invalid_parameter for NULL, an operator of another kind, a stride below the channels;
 * unsupported_parameter for overflowing sizes. */
QNNP_API enum qnnp_status qnnp_setup_activation(qnnp_operator_t activation, size_t batch_size,
                                                const void* input, size_t input_stride,
                                                void* output, size_t output_stride);

/* ---- Prelu ----------------------------------------------------------------------------------- */

/* output = input where that is not negative, else slope[channel] * input, in real numbers. Both
 * multipliers of a channel, input_scale / output_scale and that times the slope, are floats; the
 * product is rounded to the nearest quantized value, ties to even. In place allowed. */
struct qnnp_prelu_desc {
  size_t struct_size;
  size_t channels;
  enum qnnp_datatype input_type, output_type; /* uint8 or int8 */
  float input_scale, output_scale;
  int32_t input_zero_point, output_zero_point; /* in the range of their types */
  int32_t output_min, output_max;              /* both 0: the whole range */
  uint32_t flags;
  enum qnnp_datatype slope_type; /* uint8, int8 or float32 */
  float slope_scale;             /* of bytes; float32 ignores both */
  int32_t slope_zero_point;
  const void* slope; /* [channels], of slope_type; floats are finite; copied by create */
};
#define QNNP_PRELU_DESC_INIT                                                                       \
  {                                                                                                \
    sizeof(struct qnnp_prelu_desc), 0, qnnp_datatype_uint8, qnnp_datatype_uint8, 0.0f, 0.0f, 0, 0, \
        0, 0, 0, qnnp_datatype_float32, 0.0f, 0, NULL                                              \
  }
/* Errors: uninitialized; invalid_parameter for NULL, a struct_size of no known version, and in the
 * order of the fields: channels zero, a type that is not one of those above, a scale that is not a
 * positive normal float, a zero point or limit outside its type, output_min > output_max, flags, a
 * NULL slope or one that is not finite; unsupported_parameter for a ratio of scales that is not a
 * positive normal float, channels that overflow; out_of_memory. */
QNNP_API enum qnnp_status qnnp_create_prelu(const struct qnnp_prelu_desc* desc,
                                            qnnp_operator_t* prelu_out);
/* Errors as qnnp_setup_activation. */
QNNP_API enum qnnp_status qnnp_setup_prelu(qnnp_operator_t prelu, size_t batch_size,
                                           const void* input, size_t input_stride, void* output,
                                           size_t output_stride);

#ifdef __cplusplus
} /* extern "C" */
#endif
