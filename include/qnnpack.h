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
 * Threads: create, setup and delete of different operators may be called from different threads at
 * once. One operator handle is used by one thread at a time; qnnp_clone_operator gives another
 * thread its own handle to the same packed weights. */
#pragma once

#include <pthreadpool.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(_WIN32)
#define QNNP_API
#else
#define QNNP_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

enum qnnp_status {
  qnnp_status_success = 0,
  qnnp_status_uninitialized = 1,     /* qnnp_initialize has not succeeded */
  qnnp_status_invalid_parameter = 2, /* a parameter breaks a rule of its function */
  qnnp_status_unsupported_parameter =
      3, /* valid, but this library cannot do it exactly (overflowing sizes or accumulators) */
  qnnp_status_unsupported_hardware =
      4, /* the processor lacks what the build, or QNNP_ISA, asks for */
  qnnp_status_out_of_memory = 5,
};

typedef struct qnnp_operator* qnnp_operator_t;

/* ---- Library --------------------------------------------------------------------------------- */

/* Detects the processor. The environment variable QNNP_ISA (scalar, avx2, avx512vnni, neon,
 * neondot) lowers the best instruction set that may be used; results do not depend on it. May be
 * called again, from any thread. Errors: invalid_parameter for an unknown name,
 * unsupported_hardware for a name that this processor cannot run; what was initialized before
 * stays. */
QNNP_API enum qnnp_status qnnp_initialize(void);

/* After this, create and setup answer uninitialized until the next qnnp_initialize. Existing
 * operators can still be run and deleted. */
QNNP_API enum qnnp_status qnnp_deinitialize(void);

/* The sentence of the calling thread's last failed call: parameter, value, rule. Never NULL; valid
 * until the thread's next failure. */
QNNP_API const char* qnnp_get_last_error(void);

/* Replaces the allocator of everything that is created afterwards (NULL, NULL, NULL: the default
 * again). allocate returns memory aligned to `alignment` (a power of two, at least sizeof(void*))
 * or NULL; deallocate gets what allocate gave. Memory is returned through the pair it came from.
 * Errors: invalid_parameter when only one of the two functions is given. Not to be called while
 * other calls are under way. */
QNNP_API enum qnnp_status qnnp_set_allocator(void* (*allocate)(void* context, size_t alignment,
                                                               size_t size),
                                             void (*deallocate)(void* context, void* memory),
                                             void* context);

/* ---- Every operator -------------------------------------------------------------------------- */

/* Computes. Errors: invalid_parameter for NULL or an operator that was never set up. Reads its
 * buffers anew at every run. */
QNNP_API enum qnnp_status qnnp_run_operator(qnnp_operator_t op, pthreadpool_t threadpool);

/* Frees an operator; packed weights go with the last handle that shares them. Errors:
 * invalid_parameter for NULL. */
QNNP_API enum qnnp_status qnnp_delete_operator(qnnp_operator_t op);

/* A second handle with the same immutable weights and a binding of its own (not yet set up).
 * Errors: uninitialized, invalid_parameter for NULL, out_of_memory. */
QNNP_API enum qnnp_status qnnp_clone_operator(qnnp_operator_t op, qnnp_operator_t* clone_out);

/* What an operator chose and what one run costs. Set struct_size to sizeof(struct
 * qnnp_operator_info) before the call. */
struct qnnp_operator_info {
  size_t struct_size;
  const char* type;   /* "convolution2d_nhwc_q8", ... */
  const char* kernel; /* row of the kernel table: "q8conv 3x16__avx2" */
  const char* reason; /* why this kernel, in a few words */
  uint64_t macs; /* multiply-accumulates of one run as bound by setup, 0 before setup or where there
                    are none */
  uint64_t weight_bytes; /* packed weights, shared by clones */
  uint64_t input_bytes;  /* bytes of input and output tensors of one run, 0 before setup */
  uint64_t output_bytes;
};
/* Errors: invalid_parameter for NULL or a struct_size of no known version. */
QNNP_API enum qnnp_status qnnp_describe_operator(qnnp_operator_t op,
                                                 struct qnnp_operator_info* info);

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
