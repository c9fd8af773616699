// SPDX-License-Identifier: BSD-3-Clause
#include "operators/reduce.h"

using namespace qnnp;

extern "C" {

enum qnnp_status qnnp_create_reduce(const struct qnnp_reduce_desc* desc,
                                    qnnp_operator_t* reduce_out) {
  QNNP_TRY(begin_create("qnnp_create_reduce", desc, reduce_out));
  return create_reduce(*desc, reduce_out);
}

enum qnnp_status qnnp_setup_reduce(qnnp_operator_t reduce, size_t dimensions, const size_t* sizes,
                                   const void* input, void* output) {
  return setup_reduce(reduce, dimensions, sizes, static_cast<const uint8_t*>(input),
                      static_cast<uint8_t*>(output));
}

}  // extern "C"
