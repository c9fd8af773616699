/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Pooling, reductions and argmax: the long forms. Included by
 * qnnpack.h. */
#pragma once

#include "qnnpack/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a pooling or reduction makes of many values. */
enum qnnp_reduction QNNP_INT_ENUM {
  qnnp_reduction_mean = 0,
  qnnp_reduction_max = 1,
};

/* ---- Windows --------------------------------------------------------------------------------- */

/* Mean or maximum over the windows of NHWC images; input and output have one type. A maximum keeps
 * scale and zero point: the fields for them are not looked at. */
struct qnnp_pooling2d_desc {
  size_t struct_size;
  enum qnnp_reduction operation;
  enum qnnp_datatype type; /* uint8 or int8 */
  size_t channels;
  uint32_t input_padding_top, input_padding_right, input_padding_bottom, input_padding_left;
  /* These six: 0 is 1. */
  uint32_t pooling_height, pooling_width;
  uint32_t stride_height, stride_width;
  uint32_t dilation_height, dilation_width;
  int32_t input_zero_point, output_zero_point; /* in the range of the type */
  float input_scale, output_scale;
  int32_t output_min, output_max; /* both 0: the whole range of the type */
  /* The output's size is rounded up instead of down: a last window may end beyond the padded input,
   * but begins inside the input or before it (as in PyTorch and ONNX). */
  bool ceil_mode;
  /* A mean's divisor is the number of taps inside the image. Else taps in the padding count, too,
   * with the real value 0; those beyond it, which ceil_mode brings, never do. */
  bool exclude_padding;
  uint32_t flags;
};
#define QNNP_POOLING2D_DESC_INIT                                                                 \
  {                                                                                              \
    sizeof(struct qnnp_pooling2d_desc), qnnp_reduction_mean, qnnp_datatype_uint8, 0, 0, 0, 0, 0, \
        1, 1, 1, 1, 1, 1, 0, 0, 0.0f, 0.0f, 0, 0, false, false, 0                                \
  }
/* Errors: uninitialized; invalid_parameter for NULL, a struct_size of no known version, an unknown
 * operation or type, a 1x1 window with stride 1x1, channels zero, output_min > output_max, flags,
 * and, for a mean, a zero point or scale out of range; unsupported_parameter, for a mean, when
 * input_scale / output_scale is outside [2^-8, 2^8) or a window has 2^24 pixels or more;
 * out_of_memory. */
QNNP_API enum qnnp_status qnnp_create_pooling2d(const struct qnnp_pooling2d_desc* desc,
                                                qnnp_operator_t* pooling_out);
/* Takes what qnnp_create_pooling2d and the short forms made. Errors: uninitialized;
 * invalid_parameter for NULL, an operator of another kind, a zero height or width, a stride below
 * the channels, a window larger than the padded input (with ceil_mode: and stride - 1 pixels more);
 * unsupported_parameter for overflowing sizes. A failed setup leaves the operator as it was. */
QNNP_API enum qnnp_status qnnp_setup_pooling2d(qnnp_operator_t pooling, size_t batch_size,
                                               size_t input_height, size_t input_width,
                                               const void* input, size_t input_stride, void* output,
                                               size_t output_stride);
/* Height and width of the output for an input; needs no operator and no qnnp_initialize. Errors:
 * invalid_parameter as create and setup; unsupported_parameter for overflowing sizes. */
QNNP_API enum qnnp_status qnnp_pooling2d_output_size(const struct qnnp_pooling2d_desc* desc,
                                                     size_t input_height, size_t input_width,
                                                     size_t* output_height, size_t* output_width);

/* ---- All pixels ------------------------------------------------------------------------------ */

/* Mean or maximum over all pixels of an image, NWC (width = H * W); fields as above. */
struct qnnp_global_pooling_desc {
  size_t struct_size;
  enum qnnp_reduction operation;
  enum qnnp_datatype type;
  size_t channels;
  int32_t input_zero_point, output_zero_point;
  float input_scale, output_scale;
  int32_t output_min, output_max;
  uint32_t flags;
};
#define QNNP_GLOBAL_POOLING_DESC_INIT                                                           \
  {                                                                                             \
    sizeof(struct qnnp_global_pooling_desc), qnnp_reduction_mean, qnnp_datatype_uint8, 0, 0, 0, \
        0.0f, 0.0f, 0, 0, 0                                                                     \
  }
/* Errors as qnnp_create_pooling2d, without those of windows. */
QNNP_API enum qnnp_status qnnp_create_global_pooling(const struct qnnp_global_pooling_desc* desc,
                                                     qnnp_operator_t* pooling_out);
/* Errors as qnnp_setup_pooling2d; unsupported_parameter also when the sum of a mean could leave
 * int32. */
QNNP_API enum qnnp_status qnnp_setup_global_pooling(qnnp_operator_t pooling, size_t batch_size,
                                                    size_t width, const void* input,
                                                    size_t input_stride, void* output,
                                                    size_t output_stride);

/* ---- Axes ------------------------------------------------------------------------------------ */

/* Mean or maximum over any axes of a dense tensor of up to 6 dimensions; fields as above. Whether
 * reduced axes stay as axes of one element is the caller's matter: the bytes are the same. */
struct qnnp_reduce_desc {
  size_t struct_size;
  enum qnnp_reduction operation;
  enum qnnp_datatype type;
  uint32_t axes; /* bit i: axis i, counted from the outermost, is reduced; 0: every axis is */
  int32_t input_zero_point, output_zero_point;
  float input_scale, output_scale;
  int32_t output_min, output_max;
  uint32_t flags;
};
#define QNNP_REDUCE_DESC_INIT                                                                 \
  {                                                                                           \
    sizeof(struct qnnp_reduce_desc), qnnp_reduction_mean, qnnp_datatype_uint8, 0, 0, 0, 0.0f, \
        0.0f, 0, 0, 0                                                                         \
  }
/* Errors as qnnp_create_global_pooling; invalid_parameter also when axes has more than 6 bits. */
QNNP_API enum qnnp_status qnnp_create_reduce(const struct qnnp_reduce_desc* desc,
                                             qnnp_operator_t* reduce_out);
/* sizes: of each dimension, outermost first. A tensor without outputs (a size of 0 that is not
 * reduced) is an empty batch. Errors: uninitialized; invalid_parameter for NULL, an operator of
 * another kind, dimensions outside 1..6, an axis beyond the dimensions, a reduced size of 0;
 * unsupported_parameter for overflowing sizes and when the sum of a mean could leave int32. */
QNNP_API enum qnnp_status qnnp_setup_reduce(qnnp_operator_t reduce, size_t dimensions,
                                            const size_t* sizes, const void* input, void* output);

/* The index of the largest channel of each row, the first of equals. */
struct qnnp_argmax_desc {
  size_t struct_size;
  enum qnnp_datatype input_type;  /* uint8 or int8 */
  enum qnnp_datatype output_type; /* int32 (also if 0) or int64 */
  size_t channels;
  uint32_t flags;
};
#define QNNP_ARGMAX_DESC_INIT \
  { sizeof(struct qnnp_argmax_desc), qnnp_datatype_uint8, qnnp_datatype_int32, 0, 0 }
/* Errors: uninitialized; invalid_parameter for NULL, a struct_size of no known version, a type,
 * channels zero, flags; unsupported_parameter for more channels than int32 counts;
 * out_of_memory. */
QNNP_API enum qnnp_status qnnp_create_argmax(const struct qnnp_argmax_desc* desc,
                                             qnnp_operator_t* argmax_out);
/* output: batch_size indices, output_stride elements apart. Errors: uninitialized;
 * invalid_parameter for NULL, an operator of another kind, input_stride below the channels,
 * output_stride zero; unsupported_parameter for overflowing sizes. */
QNNP_API enum qnnp_status qnnp_setup_argmax(qnnp_operator_t argmax, size_t batch_size,
                                            const void* input, size_t input_stride, void* output,
                                            size_t output_stride);

#ifdef __cplusplus
} /* extern "C" */
#endif
