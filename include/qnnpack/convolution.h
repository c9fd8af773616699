/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Convolution, fully connected and their kin: the long forms. Included by qnnpack.h. */
#pragma once

#include "qnnpack/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The long form. Start from QNNP_CONVOLUTION2D_DESC_INIT: sizes 1, no padding, output 0..255. */
struct qnnp_convolution2d_desc {
  size_t struct_size;
  uint32_t input_padding_top, input_padding_right, input_padding_bottom, input_padding_left;
  uint32_t kernel_height, kernel_width;
  uint32_t subsampling_height, subsampling_width;
  uint32_t dilation_height, dilation_width;
  uint32_t groups;
  size_t group_input_channels, group_output_channels;
  float input_scale, output_scale;
  /* groups * group_output_channels scales, or NULL: kernel_scale for all */
  const float* kernel_scales;
  float kernel_scale;
  const uint8_t* kernel;
  const int32_t* bias; /* NULL: no bias */
  uint8_t input_zero_point, kernel_zero_point, output_zero_point, output_min, output_max;
  uint32_t flags;
};
#define QNNP_CONVOLUTION2D_DESC_INIT                                                           \
  {                                                                                            \
    sizeof(struct qnnp_convolution2d_desc), 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0.0f, 0.0f, \
        NULL, 0.0f, NULL, NULL, 0, 0, 0, 0, 255, 0                                             \
  }
/* As qnnp_create_convolution2d_nhwc_q8, with a scale per output channel. Signed int8 data and
 * weights are the same arithmetic: XOR every byte with 0x80 and add 128 to its zero point. Errors
 * besides: invalid_parameter for NULL or a struct_size of no known version. */
QNNP_API enum qnnp_status qnnp_create_convolution2d(const struct qnnp_convolution2d_desc* desc,
                                                    qnnp_operator_t* convolution_out);

struct qnnp_fully_connected_desc {
  size_t struct_size;
  size_t input_channels, output_channels;
  float input_scale, output_scale;
  const float* kernel_scales; /* output_channels scales, or NULL: kernel_scale for all */
  float kernel_scale;
  const uint8_t* kernel;
  const int32_t* bias; /* NULL: no bias */
  uint8_t input_zero_point, kernel_zero_point, output_zero_point, output_min, output_max;
  uint32_t flags;
};
#define QNNP_FULLY_CONNECTED_DESC_INIT                                                           \
  {                                                                                              \
    sizeof(struct qnnp_fully_connected_desc), 0, 0, 0.0f, 0.0f, NULL, 0.0f, NULL, NULL, 0, 0, 0, \
        0, 255, 0                                                                                \
  }
QNNP_API enum qnnp_status qnnp_create_fully_connected(const struct qnnp_fully_connected_desc* desc,
                                                      qnnp_operator_t* fully_connected_out);

#ifdef __cplusplus
} /* extern "C" */
#endif
