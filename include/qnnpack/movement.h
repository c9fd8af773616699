/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Operators that move bytes: shuffle, transpose, copy, pad, resize. Included by
 * qnnpack.h. */
#pragma once

#include "qnnpack/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Most of these operators never look at a value: they move bytes of any 8-bit type and any
 * quantization, and input and output share them. None works in place. Channel shuffle has its short
 * form in qnnpack.h only.
 *
 * Every create fails with uninitialized; invalid_parameter for NULL, a struct_size of no known
 * version, flags other than 0 and what its struct says; unsupported_parameter for sizes whose
 * product overflows; out_of_memory. Every setup fails with uninitialized; invalid_parameter for
 * NULL, an operator of another kind, zero sizes, a stride below the channels; unsupported_parameter
 * for overflowing sizes; a failed setup leaves the operator as it was. */

/* Largest number of dimensions of operators on dense tensors of any shape. */
#define QNNP_MAX_DIMENSIONS 8

/* ---- Transposition --------------------------------------------------------------------------- */

/* Dimension i of the output is dimension permutation[i] of the input (as numpy, TFLite and ONNX).
 * NHWC -> NCHW is {0, 3, 1, 2}, NCHW -> NHWC is {0, 2, 3, 1}: one matrix transposition per image.
 * Dimensions that stay neighbours are merged, so a permutation of outer dimensions copies long
 * runs. */
struct qnnp_transpose_desc {
  size_t struct_size;
  uint32_t dimensions;                       /* 1 to QNNP_MAX_DIMENSIONS */
  uint32_t permutation[QNNP_MAX_DIMENSIONS]; /* each number below dimensions once */
  uint32_t flags;                            /* 0 */
};
#define QNNP_TRANSPOSE_DESC_INIT \
  { sizeof(struct qnnp_transpose_desc), 0, {0}, 0 }
QNNP_API enum qnnp_status qnnp_create_transpose(const struct qnnp_transpose_desc* desc,
                                                qnnp_operator_t* transpose_out);
/* shape: extents of the input's dimensions, outermost first, read before setup returns. Both tensors
 * are dense. If an extent is 0, run does nothing. */
QNNP_API enum qnnp_status qnnp_setup_transpose(qnnp_operator_t transpose, const size_t* shape,
                                               const void* input, void* output);

/* ---- Depth to space and back ----------------------------------------------------------------- */

/* Where the channel c of the pixel (y, x) of a block_size x block_size block is among the channels
 * of the deep image. */
enum qnnp_depth_order QNNP_INT_ENUM {
  qnnp_depth_order_block_first = 0, /* (y * block_size + x) * channels + c: TFLite, ONNX "DCR" */
  qnnp_depth_order_channel_first =
      1, /* (c * block_size + y) * block_size + x: ONNX "CRD", PyTorch's
                                         pixel shuffle */
};

/* NHWC, for both directions: an image of block_size^2 * channels channels and one of block_size
 * times its height and width with `channels` channels. */
struct qnnp_depth_space_desc {
  size_t struct_size;
  uint32_t block_size; /* 0: 1 */
  size_t channels;     /* of the wide image, at least 1 */
  enum qnnp_depth_order order;
  uint32_t flags; /* 0 */
};
#define QNNP_DEPTH_SPACE_DESC_INIT \
  { sizeof(struct qnnp_depth_space_desc), 0, 0, qnnp_depth_order_block_first, 0 }
QNNP_API enum qnnp_status qnnp_create_depth_to_space(const struct qnnp_depth_space_desc* desc,
                                                     qnnp_operator_t* depth_to_space_out);
QNNP_API enum qnnp_status qnnp_setup_depth_to_space(qnnp_operator_t depth_to_space,
                                                    size_t batch_size, size_t input_height,
                                                    size_t input_width, const void* input,
                                                    size_t input_stride, void* output,
                                                    size_t output_stride);
QNNP_API enum qnnp_status qnnp_create_space_to_depth(const struct qnnp_depth_space_desc* desc,
                                                     qnnp_operator_t* space_to_depth_out);
/* Errors besides: invalid_parameter for a height or width that is no multiple of block_size. */
QNNP_API enum qnnp_status qnnp_setup_space_to_depth(qnnp_operator_t space_to_depth,
                                                    size_t batch_size, size_t input_height,
                                                    size_t input_width, const void* input,
                                                    size_t input_stride, void* output,
                                                    size_t output_stride);

/* ---- Copy ------------------------------------------------------------------------------------ */

/* Rows of `channels` bytes, between any two strides. Concatenation along channels needs none: give
 * every producer its place in the common output, with the common stride. A slice or split of
 * channels needs none either: a consumer takes a pointer into the input and the input's stride. Copy
 * is for what remains: an input of the whole network, one tensor that goes to two places, other axes
 * (batch_size rows of channels = height * width * C bytes). */
struct qnnp_copy_desc {
  size_t struct_size;
  size_t channels; /* at least 1 */
  uint32_t flags;  /* 0 */
};
#define QNNP_COPY_DESC_INIT \
  { sizeof(struct qnnp_copy_desc), 0, 0 }
QNNP_API enum qnnp_status qnnp_create_copy(const struct qnnp_copy_desc* desc,
                                           qnnp_operator_t* copy_out);
QNNP_API enum qnnp_status qnnp_setup_copy(qnnp_operator_t copy, size_t batch_size,
                                          const void* input, size_t input_stride, void* output,
                                          size_t output_stride);

/* ---- Constant padding ------------------------------------------------------------------------ */

/* Dimension i of the output has before[i] elements of pad_value, then those of the input, then
 * after[i] of pad_value. The real value 0 is the tensor's zero point. */
struct qnnp_constant_pad_desc {
  size_t struct_size;
  uint32_t dimensions; /* 1 to QNNP_MAX_DIMENSIONS */
  size_t before[QNNP_MAX_DIMENSIONS], after[QNNP_MAX_DIMENSIONS];
  enum qnnp_datatype type; /* uint8 or int8 */
  int32_t pad_value;       /* in the type's range */
  uint32_t flags;          /* 0 */
};
#define QNNP_CONSTANT_PAD_DESC_INIT \
  { sizeof(struct qnnp_constant_pad_desc), 0, {0}, {0}, qnnp_datatype_uint8, 0, 0 }
QNNP_API enum qnnp_status qnnp_create_constant_pad(const struct qnnp_constant_pad_desc* desc,
                                                   qnnp_operator_t* constant_pad_out);
/* shape: extents of the input's dimensions, outermost first, read before setup returns. Both tensors
 * are dense. An input without elements may be NULL; an output without elements is not looked at. */
QNNP_API enum qnnp_status qnnp_setup_constant_pad(qnnp_operator_t constant_pad, const size_t* shape,
                                                  const void* input, void* output);

/* ---- Resize ---------------------------------------------------------------------------------- */

enum qnnp_resize_mode QNNP_INT_ENUM {
  qnnp_resize_nearest = 0,  /* TFLite RESIZE_NEAREST_NEIGHBOR; ONNX Resize "nearest": nearest_mode
                               "floor" with asymmetric coordinates, else "round_prefer_ceil" */
  qnnp_resize_bilinear = 1, /* TFLite RESIZE_BILINEAR; ONNX Resize "linear" */
};

/* Where the output pixel i lies in the input, in each direction; what lies outside is moved to the
 * edge. The names are ONNX's coordinate_transformation_mode. */
enum qnnp_resize_coordinates QNNP_INT_ENUM {
  qnnp_resize_asymmetric = 0,    /* i * in / out: TFLite's default */
  qnnp_resize_half_pixel = 1,    /* (i + 0.5) * in / out - 0.5: TFLite's half_pixel_centers */
  qnnp_resize_align_corners = 2, /* i * (in - 1) / (out - 1), 0 where out is 1: TFLite's
                                    align_corners */
};

/* NHWC images to another height and width. Input and output have the same scale and zero point.
 * Positions are exact fractions, where frameworks round them to float. */
struct qnnp_resize2d_desc {
  size_t struct_size;
  size_t channels; /* at least 1 */
  enum qnnp_resize_mode mode;
  enum qnnp_resize_coordinates coordinates;
  enum qnnp_datatype type; /* uint8 or int8 */
  uint32_t flags;          /* 0 */
};
#define QNNP_RESIZE2D_DESC_INIT                                                        \
  {                                                                                    \
    sizeof(struct qnnp_resize2d_desc), 0, qnnp_resize_nearest, qnnp_resize_asymmetric, \
        qnnp_datatype_uint8, 0                                                         \
  }
QNNP_API enum qnnp_status qnnp_create_resize2d(const struct qnnp_resize2d_desc* desc,
                                               qnnp_operator_t* resize_out);
/* Makes a table of the output's rows and columns, unless the sizes and the input's stride are those
 * of the setup before. Errors besides: unsupported_parameter for a height or width of 2^31 or more;
 * out_of_memory. */
QNNP_API enum qnnp_status qnnp_setup_resize2d(qnnp_operator_t resize, size_t batch_size,
                                              size_t input_height, size_t input_width,
                                              size_t output_height, size_t output_width,
                                              const void* input, size_t input_stride, void* output,
                                              size_t output_stride);

#ifdef __cplusplus
} /* extern "C" */
#endif
