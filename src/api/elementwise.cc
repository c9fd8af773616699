// SPDX-License-Identifier: BSD-3-Clause
// Operators of two tensors, clamp, normalization.
#include "operators/binary.h"
#include "operators/clamp.h"
#include "operators/group_normalization.h"

using namespace qnnp;

extern "C" {

enum qnnp_status qnnp_create_binary(const struct qnnp_binary_desc* desc,
                                    qnnp_operator_t* binary_out) {
  QNNP_TRY(begin_create("qnnp_create_binary", desc, binary_out));
  return create_binary(*desc, binary_out);
}

enum qnnp_status qnnp_setup_binary(qnnp_operator_t binary, size_t batch_size, const void* a,
                                   size_t a_stride, const void* b, size_t b_stride, void* output,
                                   size_t output_stride) {
  return setup_binary(binary, batch_size, a, a_stride, b, b_stride, output, output_stride);
}

enum qnnp_status qnnp_create_add_nc_q8(size_t channels, uint8_t a_zero_point, float a_scale,
                                       uint8_t b_zero_point, float b_scale, uint8_t sum_zero_point,
                                       float sum_scale, uint8_t sum_min, uint8_t sum_max,
                                       uint32_t flags, qnnp_operator_t* add_out) {
  QNNP_TRY(begin_create("qnnp_create_add_nc_q8", add_out, "add_out"));
  qnnp_binary_desc desc = QNNP_BINARY_DESC_INIT;
  desc.channels = channels;
  desc.a_zero_point = a_zero_point;
  desc.a_scale = a_scale;
  desc.b_zero_point = b_zero_point;
  desc.b_scale = b_scale;
  desc.output_zero_point = sum_zero_point;
  desc.output_scale = sum_scale;
  desc.output_min = sum_min;
  desc.output_max = sum_max;
  desc.flags = flags;
  return create_add(desc, add_out);
}

enum qnnp_status qnnp_setup_add_nc_q8(qnnp_operator_t add, size_t batch_size, const uint8_t* a,
                                      size_t a_stride, const uint8_t* b, size_t b_stride,
                                      uint8_t* sum, size_t sum_stride) {
  return setup_add(add, batch_size, a, a_stride, b, b_stride, sum, sum_stride);
}

enum qnnp_status qnnp_create_clamp(const struct qnnp_clamp_desc* desc, qnnp_operator_t* clamp_out) {
  QNNP_TRY(begin_create("qnnp_create_clamp", desc, clamp_out));
  return create_clamp(*desc, clamp_out);
}

enum qnnp_status qnnp_setup_clamp(qnnp_operator_t clamp, size_t batch_size, const void* input,
                                  size_t input_stride, void* output, size_t output_stride) {
  return setup_clamp(clamp, batch_size, input, input_stride, output, output_stride);
}

enum qnnp_status qnnp_create_clamp_nc_u8(size_t channels, uint8_t output_min, uint8_t output_max,
                                         uint32_t flags, qnnp_operator_t* clamp_out) {
  QNNP_TRY(begin_create("qnnp_create_clamp_nc_u8", clamp_out, "clamp_out"));
  return create_clamp_u8(channels, output_min, output_max, flags, clamp_out);
}

enum qnnp_status qnnp_setup_clamp_nc_u8(qnnp_operator_t clamp, size_t batch_size,
                                        const uint8_t* input, size_t input_stride, uint8_t* output,
                                        size_t output_stride) {
  return setup_clamp(clamp, batch_size, input, input_stride, output, output_stride);
}

enum qnnp_status qnnp_create_group_normalization(const struct qnnp_group_normalization_desc* desc,
                                                 qnnp_operator_t* group_normalization_out) {
  QNNP_TRY(begin_create("qnnp_create_group_normalization", desc, group_normalization_out));
  return create_group_normalization(*desc, group_normalization_out);
}

enum qnnp_status qnnp_setup_group_normalization(qnnp_operator_t group_normalization,
                                                size_t batch_size, size_t width, const void* input,
                                                size_t input_stride, void* output,
                                                size_t output_stride) {
  return setup_group_normalization(group_normalization, batch_size, width, input, input_stride,
                                   output, output_stride);
}

}  // extern "C"
