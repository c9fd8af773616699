// SPDX-License-Identifier: BSD-3-Clause
#include "operators/softargmax.h"

using namespace qnnp;

extern "C" {

enum qnnp_status qnnp_create_softargmax(const struct qnnp_softargmax_desc* desc,
                                        qnnp_operator_t* softargmax_out) {
  QNNP_TRY(begin_create("qnnp_create_softargmax", desc, softargmax_out));
  return create_softargmax(*desc, 0x1p-8f, 0, softargmax_out);
}

enum qnnp_status qnnp_setup_softargmax(qnnp_operator_t softargmax, size_t batch_size,
                                       const void* input, size_t input_stride, void* output,
                                       size_t output_stride) {
  return setup_softargmax(softargmax, batch_size, input, input_stride, output, output_stride);
}

enum qnnp_status qnnp_create_softargmax_nc_q8(size_t channels, float input_scale,
                                              uint8_t output_zero_point, float output_scale,
                                              uint32_t flags, qnnp_operator_t* softargmax_out) {
  QNNP_TRY(begin_create("qnnp_create_softargmax_nc_q8", softargmax_out, "softargmax_out"));
  qnnp_softargmax_desc desc = QNNP_SOFTARGMAX_DESC_INIT;
  desc.channels = channels;
  desc.input_scale = input_scale;
  desc.flags = flags;
  return create_softargmax(desc, output_scale, output_zero_point, softargmax_out);
}

enum qnnp_status qnnp_setup_softargmax_nc_q8(qnnp_operator_t softargmax, size_t batch_size,
                                             const uint8_t* input, size_t input_stride,
                                             uint8_t* output, size_t output_stride) {
  return setup_softargmax(softargmax, batch_size, input, input_stride, output, output_stride);
}

}  // extern "C"
