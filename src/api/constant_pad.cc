// SPDX-License-Identifier: BSD-3-Clause
#include "operators/constant_pad.h"

using namespace qnnp;

extern "C" {

enum qnnp_status qnnp_create_constant_pad(const struct qnnp_constant_pad_desc* desc,
                                          qnnp_operator_t* constant_pad_out) {
  QNNP_TRY(begin_create("qnnp_create_constant_pad", desc, constant_pad_out));
  return create_constant_pad(*desc, constant_pad_out);
}

enum qnnp_status qnnp_setup_constant_pad(qnnp_operator_t constant_pad, const size_t* shape,
                                         const void* input, void* output) {
  return setup_constant_pad(constant_pad, shape, input, output);
}

}  // extern "C"
