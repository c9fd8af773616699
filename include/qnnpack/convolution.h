/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Convolution, fully connected and their kin: the long forms. Included by qnnpack.h.
 *
 * Types
 *   input    uint8 or int8 with input_scale and input_zero_point; float32: dynamic quantization
 *            (below)
 *   kernel   uint8 or int8 with kernel_zero_point, and kernel_scale for all or kernel_scales for
 *            every output channel
 *   bias     int32 with scale input_scale * kernel_scale, or NULL: none
 *   output   uint8 or int8 with output_scale, output_zero_point and limits; int32: the accumulators
 *            (no scale is looked at); float32: accumulator * input_scale * kernel_scale
 *
 * Dynamic quantization (float32 input and output): every row of a fully connected operator, every
 * image of a convolution, is quantized at run time to the uint8 range of its own values (ONNX
 * DynamicQuantizeLinear), multiplied exactly, and scaled back; float_bias is added at the end and
 * bias must be NULL. Inputs are to be finite. doc/quantization.md, "Dynamic quantization". */
#pragma once

#include "qnnpack/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Convolution ----------------------------------------------------------------------------- */

/* Layouts as qnnp_create_convolution2d_nhwc_q8. A field that is 0 has its default. */
struct qnnp_convolution2d_desc {
  size_t struct_size;
  enum qnnp_datatype input_type, kernel_type, output_type; /* default: uint8 */
  uint32_t input_padding_top, input_padding_right, input_padding_bottom, input_padding_left;
  uint32_t kernel_height, kernel_width;           /* default: 1 */
  uint32_t subsampling_height, subsampling_width; /* default: 1 */
  uint32_t dilation_height, dilation_width;       /* default: 1 */
  uint32_t groups;                                /* default: 1 */
  size_t group_input_channels, group_output_channels;
  float input_scale, output_scale;
  /* groups * group_output_channels scales, or NULL: kernel_scale for all */
  const float* kernel_scales;
  float kernel_scale;
  const void* kernel;
  const int32_t* bias;     /* NULL: no bias */
  const float* float_bias; /* for float32 inputs; NULL: no bias */
  int32_t input_zero_point, kernel_zero_point, output_zero_point;
  int32_t output_min, output_max; /* default, both 0: the whole range of output_type */
  uint32_t flags;
};
#define QNNP_CONVOLUTION2D_DESC_INIT                                                              \
  {                                                                                               \
    sizeof(struct qnnp_convolution2d_desc), qnnp_datatype_uint8, qnnp_datatype_uint8,             \
        qnnp_datatype_uint8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.0f, 0.0f, NULL, 0.0f, NULL, \
        NULL, NULL, 0, 0, 0, 0, 0, 0                                                              \
  }
/* Errors as qnnp_create_convolution2d_nhwc_q8; besides invalid_parameter for NULL, a struct_size of
 * no known version, a type that its tensor cannot have, a zero point or limit outside its type, a
 * bias of the wrong kind. */
QNNP_API enum qnnp_status qnnp_create_convolution2d(const struct qnnp_convolution2d_desc* desc,
                                                    qnnp_operator_t* convolution_out);
/* As qnnp_setup_convolution2d_nhwc_q8, for all types; strides count elements. Dynamic quantization
 * takes memory here: out_of_memory. */
QNNP_API enum qnnp_status qnnp_setup_convolution2d(qnnp_operator_t convolution, size_t batch_size,
                                                   size_t input_height, size_t input_width,
                                                   const void* input, size_t input_stride,
                                                   void* output, size_t output_stride);

/* ---- Deconvolution (transposed convolution) -------------------------------------------------- */

/* Layouts as qnnp_create_deconvolution2d_nhwc_q8. input_type is uint8 or int8. A field that is 0 has
 * its default. */
struct qnnp_deconvolution2d_desc {
  size_t struct_size;
  enum qnnp_datatype input_type, kernel_type, output_type; /* default: uint8 */
  uint32_t input_padding_top, input_padding_right, input_padding_bottom, input_padding_left;
  uint32_t adjustment_height, adjustment_width; /* rows and columns added at the end */
  uint32_t kernel_height, kernel_width;         /* default: 1 */
  uint32_t stride_height, stride_width;         /* default: 1 */
  uint32_t dilation_height, dilation_width;     /* default: 1 */
  uint32_t groups;                              /* default: 1 */
  size_t group_input_channels, group_output_channels;
  float input_scale, output_scale;
  /* groups * group_output_channels scales, or NULL: kernel_scale for all */
  const float* kernel_scales;
  float kernel_scale;
  const void* kernel;
  const int32_t* bias;     /* NULL: no bias */
  const float* float_bias; /* must be NULL */
  int32_t input_zero_point, kernel_zero_point, output_zero_point;
  int32_t output_min, output_max; /* default, both 0: the whole range of output_type */
  uint32_t flags;
};
#define QNNP_DECONVOLUTION2D_DESC_INIT                                                            \
  {                                                                                               \
    sizeof(struct qnnp_deconvolution2d_desc), qnnp_datatype_uint8, qnnp_datatype_uint8,           \
        qnnp_datatype_uint8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.0f, 0.0f, NULL, 0.0f, \
        NULL, NULL, NULL, 0, 0, 0, 0, 0, 0                                                        \
  }
/* Errors as qnnp_create_convolution2d. */
QNNP_API enum qnnp_status qnnp_create_deconvolution2d(const struct qnnp_deconvolution2d_desc* desc,
                                                      qnnp_operator_t* deconvolution_out);
QNNP_API enum qnnp_status qnnp_setup_deconvolution2d(qnnp_operator_t deconvolution,
                                                     size_t batch_size, size_t input_height,
                                                     size_t input_width, const void* input,
                                                     size_t input_stride, void* output,
                                                     size_t output_stride);

/* ---- Fully connected ------------------------------------------------------------------------- */

struct qnnp_fully_connected_desc {
  size_t struct_size;
  enum qnnp_datatype input_type, kernel_type, output_type; /* default: uint8 */
  size_t input_channels, output_channels;
  float input_scale, output_scale;
  const float* kernel_scales; /* output_channels scales, or NULL: kernel_scale for all */
  float kernel_scale;
  const void* kernel;
  const int32_t* bias;     /* NULL: no bias */
  const float* float_bias; /* for float32 inputs; NULL: no bias */
  int32_t input_zero_point, kernel_zero_point, output_zero_point;
  int32_t output_min, output_max; /* default, both 0: the whole range of output_type */
  uint32_t flags;
};
#define QNNP_FULLY_CONNECTED_DESC_INIT                                                        \
  {                                                                                           \
    sizeof(struct qnnp_fully_connected_desc), qnnp_datatype_uint8, qnnp_datatype_uint8,       \
        qnnp_datatype_uint8, 0, 0, 0.0f, 0.0f, NULL, 0.0f, NULL, NULL, NULL, 0, 0, 0, 0, 0, 0 \
  }
/* Errors as qnnp_create_convolution2d. */
QNNP_API enum qnnp_status qnnp_create_fully_connected(const struct qnnp_fully_connected_desc* desc,
                                                      qnnp_operator_t* fully_connected_out);
QNNP_API enum qnnp_status qnnp_setup_fully_connected(qnnp_operator_t fully_connected,
                                                     size_t batch_size, const void* input,
                                                     size_t input_stride, void* output,
                                                     size_t output_stride);

/* ---- Locally connected ----------------------------------------------------------------------- */

/* A convolution whose every output pixel has weights and a bias of its own; the size of the input is
 * known at create. kernel: [output_height][output_width][groups][group_output_channels]
 * [kernel_height][kernel_width][group_input_channels]; bias: [output_height][output_width][groups *
 * group_output_channels]; kernel_scales: groups * group_output_channels, for every pixel the same.
 * Output size as for convolution. input_type is uint8 or int8. A field that is 0 has its default. */
struct qnnp_locally_connected2d_desc {
  size_t struct_size;
  enum qnnp_datatype input_type, kernel_type, output_type; /* default: uint8 */
  size_t input_height, input_width;
  uint32_t input_padding_top, input_padding_right, input_padding_bottom, input_padding_left;
  uint32_t kernel_height, kernel_width;           /* default: 1 */
  uint32_t subsampling_height, subsampling_width; /* default: 1 */
  uint32_t dilation_height, dilation_width;       /* default: 1 */
  uint32_t groups;                                /* default: 1 */
  size_t group_input_channels, group_output_channels;
  float input_scale, output_scale;
  const float* kernel_scales; /* or NULL: kernel_scale for all */
  float kernel_scale;
  const void* kernel;
  const int32_t* bias;     /* NULL: no bias */
  const float* float_bias; /* must be NULL */
  int32_t input_zero_point, kernel_zero_point, output_zero_point;
  int32_t output_min, output_max; /* default, both 0: the whole range of output_type */
  uint32_t flags;
};
#define QNNP_LOCALLY_CONNECTED2D_DESC_INIT                                                        \
  {                                                                                               \
    sizeof(struct qnnp_locally_connected2d_desc), qnnp_datatype_uint8, qnnp_datatype_uint8,       \
        qnnp_datatype_uint8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.0f, 0.0f, NULL, 0.0f, \
        NULL, NULL, NULL, 0, 0, 0, 0, 0, 0                                                        \
  }
/* Errors as qnnp_create_convolution2d; a kernel larger than the padded input is refused here. */
QNNP_API enum qnnp_status qnnp_create_locally_connected2d(
    const struct qnnp_locally_connected2d_desc* desc, qnnp_operator_t* locally_connected_out);
QNNP_API enum qnnp_status qnnp_setup_locally_connected2d(qnnp_operator_t locally_connected,
                                                         size_t batch_size, const void* input,
                                                         size_t input_stride, void* output,
                                                         size_t output_stride);

/* ---- Batched matrix multiplication ----------------------------------------------------------- */

/* c[i][m][n] = sum over k of a[i][m][k] * b[i][k][n], both operands at run time; with transpose_b, b
 * is [i][n][k]. Types and outputs as for fully connected, without a bias. */
struct qnnp_batch_matrix_multiply_desc {
  size_t struct_size;
  enum qnnp_datatype a_type, b_type; /* uint8 (default) or int8 */
  enum qnnp_datatype output_type;    /* default: uint8 */
  bool transpose_b;
  float a_scale, b_scale, output_scale;
  int32_t a_zero_point, b_zero_point, output_zero_point;
  int32_t output_min, output_max; /* default, both 0: the whole range of output_type */
  uint32_t flags;
};
#define QNNP_BATCH_MATRIX_MULTIPLY_DESC_INIT                                                  \
  {                                                                                           \
    sizeof(struct qnnp_batch_matrix_multiply_desc), qnnp_datatype_uint8, qnnp_datatype_uint8, \
        qnnp_datatype_uint8, false, 0.0f, 0.0f, 0.0f, 0, 0, 0, 0, 0, 0                        \
  }
/* Errors: as qnnp_create_fully_connected. */
QNNP_API enum qnnp_status qnnp_create_batch_matrix_multiply(
    const struct qnnp_batch_matrix_multiply_desc* desc, qnnp_operator_t* multiply_out);
/* Strides count elements from row to row; matrix i of a starts at i * m * a_stride, and so on.
 * Errors as qnnp_setup_fully_connected; unsupported_parameter for a k so large that an accumulator
 * could leave int32; out_of_memory: setup takes memory for the packed b. */
QNNP_API enum qnnp_status qnnp_setup_batch_matrix_multiply(qnnp_operator_t multiply,
                                                           size_t batch_size, size_t m, size_t k,
                                                           size_t n, const void* a, size_t a_stride,
                                                           const void* b, size_t b_stride, void* c,
                                                           size_t c_stride);

#ifdef __cplusplus
} /* extern "C" */
#endif
