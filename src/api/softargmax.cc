// SPDX-License-Identifier: BSD-3-Clause
#include "operators/softargmax.h"

using namespace qnnp;

extern "C" {

enum qnnp_status qnnp_create_softargmax_nc_q8(size_t channels, float input_scale,
                                              uint8_t output_zero_point, float output_scale,
                                              uint32_t flags, qnnp_operator_t* softargmax_out) {
  QNNP_TRY(begin_create("qnnp_create_softargmax_nc_q8", softargmax_out, "softargmax_out"));
  return create_softargmax({channels, input_scale, output_zero_point, output_scale, flags},
                           softargmax_out);
}

enum qnnp_status qnnp_setup_softargmax_nc_q8(qnnp_operator_t softargmax, size_t batch_size,
                                             const uint8_t* input, size_t input_stride,
                                             uint8_t* output, size_t output_stride) {
  return setup_softargmax(softargmax, batch_size, input, input_stride, output, output_stride);
}

}  // extern "C"
