/* SPDX-License-Identifier: BSD-3-Clause
 *
 * qnnpack: quantized 8-bit neural-network operators.
 *
 * An operator lives in four steps: create (checks, chooses kernels, packs weights), setup (binds
 * sizes and pointers; cheap, repeatable), run (computes; allocates nothing, locks nothing, prints
 * nothing) and delete. doc/quantization.md defines every result to the bit.
 *
 * Conventions
 *   - Data is affine uint8: real = scale * (q - zero_point). A bias is int32 with scale
 *     input_scale * kernel_scale; NULL means no bias.
 *   - Layout is NHWC for images, NWC for global pooling (width = H * W), NC otherwise.
 *   - A stride counts elements from one pixel (or row of NC) to the next and is at least the
 *     number of channels. Pixels of an image and images of a batch are dense: image i, row y,
 *     column x starts at ((i * height + y) * width + x) * stride.
 *   - No operator reads or writes a byte outside the tensors it is given: the last pixel ends
 *     after its channels, not after its stride.
 *   - The caller computes output sizes:
 *     floor((before + in + after - ((kernel - 1) * dilation + 1)) / stride) + 1.
 *   - flags is 0. A NULL threadpool runs on the calling thread; the pool given to setup is
 *     ignored, run's counts.
 *   - batch_size 0: setup succeeds without looking at anything else, run does nothing.
 *   - A function that fails returns a status and leaves one sentence for qnnp_get_last_error();
 *     nothing is half done.
 *
 * This page has the functions that have kept the names of 2018: the short forms, for uint8 data with
 * one scale per tensor. The pages of qnnpack/ have the long forms: a description struct per operator
 * with further types (int8, float32, scales per channel). In a description every field that is zero
 * has its documented default: sizes, strides, dilation and groups 1; padding none; types uint8;
 * output_min and output_max both 0: the whole range of the output's type.
 *
 * Threads: create, setup and delete of different operators may be called from different threads at
 * once. One operator handle is used by one thread at a time; qnnp_clone_operator gives another
 * thread its own handle to the same packed weights. */
#pragma once

#include "qnnpack/base.h"
#include "qnnpack/boundary.h"
#include "qnnpack/convolution.h"
#include "qnnpack/elementwise.h"
#include "qnnpack/movement.h"
#include "qnnpack/pooling.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Convolution ----------------------------------------------------------------------------- */

/* kernel: [groups][group_output_channels][kernel_height][kernel_width][group_input_channels]; bias:
 * groups * group_output_channels. Errors of create, in this order: uninitialized; invalid_parameter
 * for a zero kernel size, subsampling, dilation, groups or channels, a scale that is not a positive
 * normal float, output_min > output_max, flags other than 0, a NULL kernel or out-handle;
 * unsupported_parameter for sizes whose product overflows, a channel whose accumulator could leave
 * int32
 * (|bias| + sum |w - kernel_zero_point| * max(zi, 255 - zi) > 2^31 - 1), or a multiplier
 * input_scale * kernel_scale / output_scale that is not a positive normal float; out_of_memory. */
QNNP_API enum qnnp_status qnnp_create_convolution2d_nhwc_q8(
    uint32_t input_padding_top, uint32_t input_padding_right, uint32_t input_padding_bottom,
    uint32_t input_padding_left, uint32_t kernel_height, uint32_t kernel_width,
    uint32_t subsampling_height, uint32_t subsampling_width, uint32_t dilation_height,
    uint32_t dilation_width, uint32_t groups, size_t group_input_channels,
    size_t group_output_channels, uint8_t input_zero_point, float input_scale,
    uint8_t kernel_zero_point, float kernel_scale, const uint8_t* kernel, const int32_t* bias,
    uint8_t output_zero_point, float output_scale, uint8_t output_min, uint8_t output_max,
    uint32_t flags, qnnp_operator_t* convolution_out);

/* Errors: uninitialized; invalid_parameter for NULL, an operator of another kind, a zero height or
 * width, a stride below the channels, a kernel larger than the padded input; unsupported_parameter
 * for overflowing sizes. A failed setup leaves the operator as it was. */
QNNP_API enum qnnp_status qnnp_setup_convolution2d_nhwc_q8(qnnp_operator_t convolution,
                                                           size_t batch_size, size_t input_height,
                                                           size_t input_width, const uint8_t* input,
                                                           size_t input_stride, uint8_t* output,
                                                           size_t output_stride,
                                                           pthreadpool_t threadpool);

/* ---- Deconvolution (transposed convolution) -------------------------------------------------- */

/* out[y][x] = sum over input pixels and taps with y + padding_top = stride_height * input y +
 * dilation_height * tap y, likewise x. Output size, the caller's to compute: stride * (in - 1) +
 * adjustment + (kernel - 1) * dilation + 1 - (padding before + after). kernel:
 * [groups][group_input_channels][kernel_height][kernel_width][group_output_channels]; bias: groups *
 * group_output_channels. Errors as convolution. */
QNNP_API enum qnnp_status qnnp_create_deconvolution2d_nhwc_q8(
    uint32_t input_padding_top, uint32_t input_padding_right, uint32_t input_padding_bottom,
    uint32_t input_padding_left, uint32_t adjustment_height, uint32_t adjustment_width,
    uint32_t kernel_height, uint32_t kernel_width, uint32_t stride_height, uint32_t stride_width,
    uint32_t dilation_height, uint32_t dilation_width, uint32_t groups, size_t group_input_channels,
    size_t group_output_channels, uint8_t input_zero_point, float input_scale,
    uint8_t kernel_zero_point, float kernel_scale, const uint8_t* kernel, const int32_t* bias,
    uint8_t output_zero_point, float output_scale, uint8_t output_min, uint8_t output_max,
    uint32_t flags, qnnp_operator_t* deconvolution_out);
/* Errors as qnnp_setup_convolution2d_nhwc_q8; invalid_parameter where the output would be empty. */
QNNP_API enum qnnp_status qnnp_setup_deconvolution2d_nhwc_q8(
    qnnp_operator_t deconvolution, size_t batch_size, size_t input_height, size_t input_width,
    const uint8_t* input, size_t input_stride, uint8_t* output, size_t output_stride,
    pthreadpool_t threadpool);

/* ---- Fully connected ------------------------------------------------------------------------- */

/* kernel: [output_channels][input_channels]; bias: output_channels. Errors as convolution. */
QNNP_API enum qnnp_status qnnp_create_fully_connected_nc_q8(
    size_t input_channels, size_t output_channels, uint8_t input_zero_point, float input_scale,
    uint8_t kernel_zero_point, float kernel_scale, const uint8_t* kernel, const int32_t* bias,
    uint8_t output_zero_point, float output_scale, uint8_t output_min, uint8_t output_max,
    uint32_t flags, qnnp_operator_t* fully_connected_out);
QNNP_API enum qnnp_status qnnp_setup_fully_connected_nc_q8(qnnp_operator_t fully_connected,
                                                           size_t batch_size, const uint8_t* input,
                                                           size_t input_stride, uint8_t* output,
                                                           size_t output_stride);
/* ---- Pooling --------------------------------------------------------------------------------- */

/* Mean over `width` pixels of every channel. Errors: channels zero, a bad scale, output_min >
 * output_max, flags, NULL: invalid_parameter; input_scale / output_scale outside [2^-8, 2^8):
 * unsupported_parameter. */
QNNP_API enum qnnp_status qnnp_create_global_average_pooling_nwc_q8(
    size_t channels, uint8_t input_zero_point, float input_scale, uint8_t output_zero_point,
    float output_scale, uint8_t output_min, uint8_t output_max, uint32_t flags,
    qnnp_operator_t* global_average_pooling_out);
QNNP_API enum qnnp_status qnnp_setup_global_average_pooling_nwc_q8(
    qnnp_operator_t global_average_pooling, size_t batch_size, size_t width, const uint8_t* input,
    size_t input_stride, uint8_t* output, size_t output_stride);

/* Mean over windows; padding counts in the divisor with the real value 0. Errors besides those of
 * global average pooling: zero pooling size or stride, a 1x1 window with stride 1x1:
 * invalid_parameter; a window of 2^24 pixels or more: unsupported_parameter. */
QNNP_API enum qnnp_status qnnp_create_average_pooling2d_nhwc_q8(
    uint32_t input_padding_top, uint32_t input_padding_right, uint32_t input_padding_bottom,
    uint32_t input_padding_left, uint32_t pooling_height, uint32_t pooling_width,
    uint32_t stride_height, uint32_t stride_width, size_t channels, uint8_t input_zero_point,
    float input_scale, uint8_t output_zero_point, float output_scale, uint8_t output_min,
    uint8_t output_max, uint32_t flags, qnnp_operator_t* average_pooling_out);
QNNP_API enum qnnp_status qnnp_setup_average_pooling2d_nhwc_q8(
    qnnp_operator_t average_pooling, size_t batch_size, size_t input_height, size_t input_width,
    const uint8_t* input, size_t input_stride, uint8_t* output, size_t output_stride,
    pthreadpool_t threadpool);

/* Maximum over windows, clamped to [output_min, output_max]. Padding is no candidate; a window
 * without a pixel of the image gives output_min. Errors: zero pooling size, stride, dilation or
 * channels, a 1x1 window with stride 1x1, output_min > output_max, flags, NULL: invalid_parameter.
 */
QNNP_API enum qnnp_status qnnp_create_max_pooling2d_nhwc_u8(
    uint32_t input_padding_top, uint32_t input_padding_right, uint32_t input_padding_bottom,
    uint32_t input_padding_left, uint32_t pooling_height, uint32_t pooling_width,
    uint32_t stride_height, uint32_t stride_width, uint32_t dilation_height,
    uint32_t dilation_width, size_t channels, uint8_t output_min, uint8_t output_max,
    uint32_t flags, qnnp_operator_t* max_pooling_out);
QNNP_API enum qnnp_status qnnp_setup_max_pooling2d_nhwc_u8(qnnp_operator_t max_pooling,
                                                           size_t batch_size, size_t input_height,
                                                           size_t input_width, const uint8_t* input,
                                                           size_t input_stride, uint8_t* output,
                                                           size_t output_stride,
                                                           pthreadpool_t threadpool);

/* ---- Channel shuffle ------------------------------------------------------------------------- */

/* Channels [groups][group_channels] of every pixel become [group_channels][groups]; bytes of any
 * type. Not in place. Errors: groups below 2, group_channels zero, flags, NULL: invalid_parameter;
 * groups * group_channels overflows: unsupported_parameter. Source: ShuffleNet (Zhang et al. 2017). */
QNNP_API enum qnnp_status qnnp_create_channel_shuffle_nc_x8(size_t groups, size_t group_channels,
                                                            uint32_t flags,
                                                            qnnp_operator_t* channel_shuffle_out);
QNNP_API enum qnnp_status qnnp_setup_channel_shuffle_nc_x8(qnnp_operator_t channel_shuffle,
                                                           size_t batch_size, const uint8_t* input,
                                                           size_t input_stride, uint8_t* output,
                                                           size_t output_stride);

/* ---- Elementwise and softargmax -------------------------------------------------------------- */

/* sum = a + b in real numbers. Errors: channels zero, a bad scale, sum_min >= sum_max, flags, NULL:
 * invalid_parameter; a_scale / sum_scale or b_scale / sum_scale outside [2^-14, 2^8):
 * unsupported_parameter. sum may be a or b. */
QNNP_API enum qnnp_status qnnp_create_add_nc_q8(size_t channels, uint8_t a_zero_point,
                                                float a_scale, uint8_t b_zero_point, float b_scale,
                                                uint8_t sum_zero_point, float sum_scale,
                                                uint8_t sum_min, uint8_t sum_max, uint32_t flags,
                                                qnnp_operator_t* add_out);
QNNP_API enum qnnp_status qnnp_setup_add_nc_q8(qnnp_operator_t add, size_t batch_size,
                                               const uint8_t* a, size_t a_stride, const uint8_t* b,
                                               size_t b_stride, uint8_t* sum, size_t sum_stride);

/* output = min(max(input, output_min), output_max). Errors: channels zero, output_min > output_max,
 * flags, NULL. In place allowed. */
QNNP_API enum qnnp_status qnnp_create_clamp_nc_u8(size_t channels, uint8_t output_min,
                                                  uint8_t output_max, uint32_t flags,
                                                  qnnp_operator_t* clamp_out);
QNNP_API enum qnnp_status qnnp_setup_clamp_nc_u8(qnnp_operator_t clamp, size_t batch_size,
                                                 const uint8_t* input, size_t input_stride,
                                                 uint8_t* output, size_t output_stride);

/* output = 1 / (1 + e^-input) in real numbers, any output scale and zero point. Errors: channels
 * zero, a bad scale, output_min >= output_max, flags, NULL: invalid_parameter. In place allowed. */
QNNP_API enum qnnp_status qnnp_create_sigmoid_nc_q8(size_t channels, uint8_t input_zero_point,
                                                    float input_scale, uint8_t output_zero_point,
                                                    float output_scale, uint8_t output_min,
                                                    uint8_t output_max, uint32_t flags,
                                                    qnnp_operator_t* sigmoid_out);
QNNP_API enum qnnp_status qnnp_setup_sigmoid_nc_q8(qnnp_operator_t sigmoid, size_t batch_size,
                                                   const uint8_t* input, size_t input_stride,
                                                   uint8_t* output, size_t output_stride);

/* output = input where that is not negative, else negative_slope * input, in real numbers. Errors:
 * channels zero, a slope that is not a normal float in (0, 1], a bad scale, output_min >=
 * output_max, flags, NULL: invalid_parameter; input_scale / output_scale outside [2^-8, 2^8):
 * unsupported_parameter. In place allowed. */
QNNP_API enum qnnp_status qnnp_create_leaky_relu_nc_q8(size_t channels, float negative_slope,
                                                       uint8_t input_zero_point, float input_scale,
                                                       uint8_t output_zero_point,
                                                       float output_scale, uint8_t output_min,
                                                       uint8_t output_max, uint32_t flags,
                                                       qnnp_operator_t* leaky_relu_out);
QNNP_API enum qnnp_status qnnp_setup_leaky_relu_nc_q8(qnnp_operator_t leaky_relu, size_t batch_size,
                                                      const uint8_t* input, size_t input_stride,
                                                      uint8_t* output, size_t output_stride);

/* Softmax over the channels of each row. Errors: channels zero, a bad scale, flags, NULL:
 * invalid_parameter; output_scale other than 1/256 or output_zero_point other than 0:
 * unsupported_parameter. In place allowed. */
QNNP_API enum qnnp_status qnnp_create_softargmax_nc_q8(size_t channels, float input_scale,
                                                       uint8_t output_zero_point,
                                                       float output_scale, uint32_t flags,
                                                       qnnp_operator_t* softargmax_out);
QNNP_API enum qnnp_status qnnp_setup_softargmax_nc_q8(qnnp_operator_t softargmax, size_t batch_size,
                                                      const uint8_t* input, size_t input_stride,
                                                      uint8_t* output, size_t output_stride);

#ifdef __cplusplus
} /* extern "C" */
#endif
