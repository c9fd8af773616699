// SPDX-License-Identifier: BSD-3-Clause
// Operators that move bytes.
#include "operators/channel_shuffle.h"
#include "operators/constant_pad.h"
#include "operators/copy.h"
#include "operators/depth_space.h"
#include "operators/resize.h"
#include "operators/transpose.h"

using namespace qnnp;

extern "C" {

enum qnnp_status qnnp_create_channel_shuffle_nc_x8(size_t groups, size_t group_channels,
                                                   uint32_t flags,
                                                   qnnp_operator_t* channel_shuffle_out) {
  QNNP_TRY(begin_create("qnnp_create_channel_shuffle_nc_x8", channel_shuffle_out,
                        "channel_shuffle_out"));
  return create_channel_shuffle({groups, group_channels, flags}, channel_shuffle_out);
}

enum qnnp_status qnnp_setup_channel_shuffle_nc_x8(qnnp_operator_t channel_shuffle,
                                                  size_t batch_size, const uint8_t* input,
                                                  size_t input_stride, uint8_t* output,
                                                  size_t output_stride) {
  return setup_channel_shuffle(channel_shuffle, batch_size, input, input_stride, output,
                               output_stride);
}

enum qnnp_status qnnp_create_transpose(const struct qnnp_transpose_desc* desc,
                                       qnnp_operator_t* transpose_out) {
  QNNP_TRY(begin_create("qnnp_create_transpose", desc, transpose_out));
  return create_transpose(*desc, transpose_out);
}

enum qnnp_status qnnp_setup_transpose(qnnp_operator_t transpose, const size_t* shape,
                                      const void* input, void* output) {
  return setup_transpose(transpose, shape, input, output);
}

enum qnnp_status qnnp_create_depth_to_space(const struct qnnp_depth_space_desc* desc,
                                            qnnp_operator_t* depth_to_space_out) {
  QNNP_TRY(begin_create("qnnp_create_depth_to_space", desc, depth_to_space_out));
  return create_depth_space(OperatorType::depth_to_space, *desc, depth_to_space_out);
}

enum qnnp_status qnnp_setup_depth_to_space(qnnp_operator_t depth_to_space, size_t batch_size,
                                           size_t input_height, size_t input_width,
                                           const void* input, size_t input_stride, void* output,
                                           size_t output_stride) {
  return setup_depth_space(depth_to_space, OperatorType::depth_to_space, batch_size, input_height,
                           input_width, input, input_stride, output, output_stride);
}

enum qnnp_status qnnp_create_space_to_depth(const struct qnnp_depth_space_desc* desc,
                                            qnnp_operator_t* space_to_depth_out) {
  QNNP_TRY(begin_create("qnnp_create_space_to_depth", desc, space_to_depth_out));
  return create_depth_space(OperatorType::space_to_depth, *desc, space_to_depth_out);
}

enum qnnp_status qnnp_setup_space_to_depth(qnnp_operator_t space_to_depth, size_t batch_size,
                                           size_t input_height, size_t input_width,
                                           const void* input, size_t input_stride, void* output,
                                           size_t output_stride) {
  return setup_depth_space(space_to_depth, OperatorType::space_to_depth, batch_size, input_height,
                           input_width, input, input_stride, output, output_stride);
}

enum qnnp_status qnnp_create_copy(const struct qnnp_copy_desc* desc, qnnp_operator_t* copy_out) {
  QNNP_TRY(begin_create("qnnp_create_copy", desc, copy_out));
  return create_copy(*desc, copy_out);
}

enum qnnp_status qnnp_setup_copy(qnnp_operator_t copy, size_t batch_size, const void* input,
                                 size_t input_stride, void* output, size_t output_stride) {
  return setup_copy(copy, batch_size, input, input_stride, output, output_stride);
}

enum qnnp_status qnnp_create_constant_pad(const struct qnnp_constant_pad_desc* desc,
                                          qnnp_operator_t* constant_pad_out) {
  QNNP_TRY(begin_create("qnnp_create_constant_pad", desc, constant_pad_out));
  return create_constant_pad(*desc, constant_pad_out);
}

enum qnnp_status qnnp_setup_constant_pad(qnnp_operator_t constant_pad, const size_t* shape,
                                         const void* input, void* output) {
  return setup_constant_pad(constant_pad, shape, input, output);
}

enum qnnp_status qnnp_create_resize2d(const struct qnnp_resize2d_desc* desc,
                                      qnnp_operator_t* resize_out) {
  QNNP_TRY(begin_create("qnnp_create_resize2d", desc, resize_out));
  return create_resize(*desc, resize_out);
}

enum qnnp_status qnnp_setup_resize2d(qnnp_operator_t resize, size_t batch_size, size_t input_height,
                                     size_t input_width, size_t output_height, size_t output_width,
                                     const void* input, size_t input_stride, void* output,
                                     size_t output_stride) {
  return setup_resize(resize, {batch_size, input_height, input_width, output_height, output_width,
                               static_cast<const uint8_t*>(input), input_stride,
                               static_cast<uint8_t*>(output), output_stride});
}

}  // extern "C"
