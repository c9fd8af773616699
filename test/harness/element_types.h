// SPDX-License-Identifier: BSD-3-Clause
// What the elements of a case's tensors are: signed or unsigned bytes, and outputs of 8 or 32 bits.
// Cases are drawn for uint8 and then flipped, so that their results must be those of uint8.
#pragma once

#include <qnnpack.h>

#include <cstring>
#include <string>
#include <vector>

#include "harness/draw.h"
#include "requantization/output.h"

namespace qnnp {
namespace test {

struct ElementTypes {
  uint8_t input_flip = 0, kernel_flip = 0, output_flip = 0;  // 0x80: signed
  OutputKind kind = OutputKind::bytes;

  OutputParams params(const Output& output) const {
    return output_params(output.zero_point, output.min, output.max, output_flip, kind);
  }
  std::string text() const {
    const auto sign = [](uint8_t flip) { return std::string(flip == 0 ? " uint8" : " int8"); };
    return ", types" + sign(input_flip) + sign(kernel_flip) +
           (kind == OutputKind::bytes     ? sign(output_flip)
            : kind == OutputKind::float32 ? " float32"
                                          : " int32");
  }
};

// Every combination; number is below kElementTypes.
constexpr size_t kElementTypes = 16;
inline ElementTypes element_types(size_t number) {
  const auto flip = [number](size_t bit) {
    return static_cast<uint8_t>((number >> bit & 1) == 0 ? 0 : 0x80);
  };
  switch (number >> 2) {
    case 0:
    case 1:
      return {flip(0), flip(1), flip(2), OutputKind::bytes};
    case 2:
      return {flip(0), flip(1), 0, OutputKind::int32};
    default:
      return {flip(0), flip(1), 0, OutputKind::float32};
  }
}
// Half of the time uint8.
inline ElementTypes draw_types(Random& random) {
  return random.coin() ? ElementTypes() : element_types(random.size(0, kElementTypes - 1));
}

// As int8, limits of 0 and 0 would be the whole range of a description.
inline Output describable(Output output, const ElementTypes& types) {
  if (types.output_flip != 0 && output.min == 128 && output.max == 128) output.min = 127;
  return output;
}

template <class Bytes>
void flip_bytes(Bytes& bytes, uint8_t flip) {
  for (uint8_t& byte : bytes) byte = byte ^ flip;
}

// Fields of a description: a type, and a zero point or limit in it.
inline enum qnnp_datatype byte_type(uint8_t flip) {
  return flip == 0 ? qnnp_datatype_uint8 : qnnp_datatype_int8;
}
inline int32_t typed(uint8_t value, uint8_t flip) { return int32_t{value} - flip; }

// The types, zero points and limits of a description.
template <class Desc>
void describe_types(const ElementTypes& types, uint8_t input_zero_point, uint8_t kernel_zero_point,
                    const Output& output, Desc* desc) {
  desc->input_type = byte_type(types.input_flip);
  desc->kernel_type = byte_type(types.kernel_flip);
  desc->input_zero_point = typed(input_zero_point, types.input_flip);
  desc->kernel_zero_point = typed(kernel_zero_point, types.kernel_flip);
  if (types.kind != OutputKind::bytes) {
    desc->output_type =
        types.kind == OutputKind::int32 ? qnnp_datatype_int32 : qnnp_datatype_float32;
    return;
  }
  desc->output_type = byte_type(types.output_flip);
  desc->output_zero_point = typed(output.zero_point, types.output_flip);
  desc->output_min = typed(output.min, types.output_flip);
  desc->output_max = typed(output.max, types.output_flip);
}

// The bytes of one element of the result: "Requantization", "Outputs of 32 bits".
inline void append_result(int64_t acc, float scale, const Output& output, const ElementTypes& types,
                          std::vector<uint8_t>* to) {
  if (types.kind == OutputKind::bytes) {
    to->push_back(requantize_reference(acc, scale, output) ^ types.output_flip);
    return;
  }
  EXPECT_EQ(acc, static_cast<int32_t>(acc));
  const int32_t exact = static_cast<int32_t>(acc);
  const float rounded = static_cast<float>(acc), product = rounded * scale;
  uint8_t bytes[4];
  memcpy(bytes, types.kind == OutputKind::int32 ? static_cast<const void*>(&exact) : &product, 4);
  to->insert(to->end(), bytes, bytes + 4);
}

}  // namespace test
}  // namespace qnnp
