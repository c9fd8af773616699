// SPDX-License-Identifier: BSD-3-Clause
// Sum, difference and product of two tensors.
#include "operators/binary.h"

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

}  // extern "C"
