// SPDX-License-Identifier: BSD-3-Clause
#include "operators/clamp.h"

using namespace qnnp;

extern "C" {

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

}  // extern "C"
