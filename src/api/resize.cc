// SPDX-License-Identifier: BSD-3-Clause
#include "operators/resize.h"

using namespace qnnp;

extern "C" {

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
