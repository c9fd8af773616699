// SPDX-License-Identifier: BSD-3-Clause
// Parameters of an operator of two tensors, in terms of uint8 whatever the types: what its tests
// share.
#pragma once

#include "harness/operator_checks.h"

namespace qnnp {
namespace test {

struct BinaryParameters {
  struct Tensor {
    enum qnnp_datatype type;
    uint8_t zero_point;
    float scale;

    uint8_t flip() const { return type == qnnp_datatype_int8 ? 0x80 : 0; }
    // A value of uint8 as the type has it.
    int32_t typed(uint8_t value) const { return value - flip(); }
  };
  enum qnnp_binary_operation operation = qnnp_binary_operation_add;
  size_t channels = 5;
  Tensor a = {qnnp_datatype_uint8, 3, 0.75f}, b = {qnnp_datatype_uint8, 200, 1.5f};
  Tensor output = {qnnp_datatype_uint8, 100, 1.25f};
  uint8_t min = 0, max = 255;
  uint32_t flags = 0;

  qnnp_binary_desc desc() const {
    qnnp_binary_desc d = QNNP_BINARY_DESC_INIT;
    d.operation = operation;
    d.channels = channels;
    d.a_type = a.type;
    d.a_zero_point = a.typed(a.zero_point);
    d.a_scale = a.scale;
    d.b_type = b.type;
    d.b_zero_point = b.typed(b.zero_point);
    d.b_scale = b.scale;
    d.output_type = output.type;
    d.output_zero_point = output.typed(output.zero_point);
    d.output_scale = output.scale;
    d.output_min = output.typed(min);
    d.output_max = output.typed(max);
    d.flags = flags;
    return d;
  }
  enum qnnp_status create(qnnp_operator_t* out) const {
    const qnnp_binary_desc d = desc();
    return qnnp_create_binary(&d, out);
  }
  OperatorHandle create() const {
    return create_operator([this](qnnp_operator_t* out) { return create(out); });
  }
  // A sum of uint8.
  enum qnnp_status create_short(qnnp_operator_t* out) const {
    return qnnp_create_add_nc_q8(channels, a.zero_point, a.scale, b.zero_point, b.scale,
                                 output.zero_point, output.scale, min, max, flags, out);
  }
};

}  // namespace test
}  // namespace qnnp
