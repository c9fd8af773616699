// SPDX-License-Identifier: BSD-3-Clause
// 8-bit tensors, unsigned or signed. Operators compute on uint8 only: a signed byte is one XOR away
// (the tensor's flip), and its zero point and limits are 128 higher. The long forms translate
// themselves with these functions; below them nobody knows of signs but the kernels' flips.
#pragma once

#include "operators/operator.h"

namespace qnnp {

// What is XORed to a tensor's bytes.
inline uint8_t flip_of(enum qnnp_datatype type) { return type == qnnp_datatype_int8 ? 0x80 : 0; }

// uint8 or int8, else invalid; the message names the parameter.
Status check_byte_type(enum qnnp_datatype type, const char* parameter);

// A zero point of the type's range -> its value for uint8, or invalid.
Status unsigned_zero_point(int32_t zero_point, enum qnnp_datatype type, const char* parameter,
                           uint8_t* out);

// Limits of the type's range ("output": output_min, output_max), min <= max -> for uint8, or
// invalid. 0 and 0, the default, are the whole range.
Status unsigned_range(int32_t min, int32_t max, enum qnnp_datatype type, const char* prefix,
                      uint8_t* low, uint8_t* high);

// A field of a description whose zero stands for 1.
template <class T>
T or_one(T value) {
  return value == 0 ? T{1} : value;
}
template <class... T>
void zeros_to_one(T&... fields) {
  ((fields = or_one(fields)), ...);
}

}  // namespace qnnp
