// SPDX-License-Identifier: BSD-3-Clause
// Operators whose time is the bytes they move: two tensors, activations, prelu, softargmax, group
// normalization, boundaries; uint8 and int8.
#include "cases.h"

namespace qnnp::bench {
namespace {

// Rows of NC tensors.
struct Shape {
  const char* name;
  size_t batch, channels;
  size_t elements() const { return batch * channels; }
};
constexpr Shape kShapes[] = {{"1M", 1, 1 << 20},
                             {"56x56x64", 56 * 56, 64},
                             {"112x112x16", 112 * 112, 16},
                             {"14x14x480", 14 * 14, 480},
                             {"1x1280", 1, 1280}};
constexpr float kScale = 0.05f;

int32_t zero_of(enum qnnp_datatype type) { return type == qnnp_datatype_int8 ? -28 : 100; }

template <class Desc>
using Create = enum qnnp_status (*)(const Desc* desc, qnnp_operator_t* op);
using Setup = enum qnnp_status (*)(qnnp_operator_t op, size_t batch_size, const void* input,
                                   size_t input_stride, void* output, size_t output_stride);

// One input, one output; sizes of an element in bytes.
template <class Desc>
Case unary(const char* name, const Shape& shape, Desc desc, Create<Desc> create, Setup setup,
           size_t input_size = 1, size_t output_size = 1) {
  desc.channels = shape.channels;
  return {name,
          shape.elements() * input_size,
          shape.elements() * output_size,
          [=](qnnp_operator_t* op) { return create(&desc, op); },
          [=](qnnp_operator_t op, const uint8_t* input, uint8_t* output) {
            return setup(op, shape.batch, input, shape.channels, output, shape.channels);
          },
          input_size == sizeof(float)};
}

template <class Desc>
Case described(Case c, Desc desc, const Shape& shape) {
  desc.channels = shape.channels;
  c.described = {desc, shape.batch};
  return c;
}

// Types, scales and zero points of one input and one output.
template <class Desc>
Desc quantized(Desc desc, enum qnnp_datatype type) {
  desc.input_type = desc.output_type = type;
  desc.input_scale = desc.output_scale = kScale;
  desc.input_zero_point = desc.output_zero_point = zero_of(type);
  return desc;
}

Case clamp(const Shape& shape, enum qnnp_datatype type) {
  qnnp_clamp_desc desc = QNNP_CLAMP_DESC_INIT;
  desc.input_type = desc.output_type = type;
  desc.output_min = 10;
  desc.output_max = 100;
  return described(unary("clamp", shape, desc, qnnp_create_clamp, qnnp_setup_clamp), desc, shape);
}

Case activation(const char* name, const Shape& shape, enum qnnp_datatype type,
                enum qnnp_activation function) {
  qnnp_activation_desc desc = QNNP_ACTIVATION_DESC_INIT;
  desc = quantized(desc, type);
  desc.function = function;
  desc.alpha = 0.125f;
  if (function == qnnp_activation_sigmoid) {  // the quantization that it has everywhere
    desc.output_scale = 1.0f / 256;
    desc.output_zero_point = type == qnnp_datatype_int8 ? -128 : 0;
  }
  return described(unary(name, shape, desc, qnnp_create_activation, qnnp_setup_activation), desc,
                   shape);
}

Case prelu(const Shape& shape, enum qnnp_datatype type) {
  qnnp_prelu_desc desc = QNNP_PRELU_DESC_INIT;
  desc = quantized(desc, type);
  Case c = unary("prelu", shape, desc, qnnp_create_prelu, qnnp_setup_prelu);
  desc.channels = shape.channels;
  c.create = [=](qnnp_operator_t* op) {
    const std::vector<float> slopes(desc.channels, 0.25f);
    qnnp_prelu_desc with_slopes = desc;
    with_slopes.slope = slopes.data();
    return qnnp_create_prelu(&with_slopes, op);
  };
  return c;
}

Case requantize(const Shape& shape, enum qnnp_datatype type) {
  qnnp_requantize_desc desc = QNNP_REQUANTIZE_DESC_INIT;
  desc = quantized(desc, type);
  desc.output_scale = 2 * kScale;
  return unary("requantize", shape, desc, qnnp_create_requantize, qnnp_setup_requantize);
}

Case quantize(const Shape& shape, enum qnnp_datatype type) {
  qnnp_quantize_desc desc = QNNP_QUANTIZE_DESC_INIT;
  desc.output_type = type;
  desc.output_scale = 1;
  desc.output_zero_point = zero_of(type);
  return unary("quantize_f32", shape, desc, qnnp_create_quantize, qnnp_setup_quantize,
               sizeof(float));
}

Case dequantize(const Shape& shape, enum qnnp_datatype type, enum qnnp_datatype to) {
  qnnp_dequantize_desc desc = QNNP_DEQUANTIZE_DESC_INIT;
  desc.input_type = type;
  desc.output_type = to;
  desc.input_scale = kScale;
  desc.input_zero_point = zero_of(type);
  const bool half = to == qnnp_datatype_float16;
  return unary(half ? "dequantize_f16" : "dequantize_f32", shape, desc, qnnp_create_dequantize,
               qnnp_setup_dequantize, 1, half ? 2 : sizeof(float));
}

Case softargmax(const Shape& shape, enum qnnp_datatype type) {
  qnnp_softargmax_desc desc = QNNP_SOFTARGMAX_DESC_INIT;
  desc.input_type = desc.output_type = type;
  desc.input_scale = kScale;
  return described(unary("softargmax", shape, desc, qnnp_create_softargmax, qnnp_setup_softargmax),
                   desc, shape);
}

// The rows are the pixels of one image.
Case group_normalization(const Shape& shape, enum qnnp_datatype type, size_t groups) {
  qnnp_group_normalization_desc desc = QNNP_GROUP_NORMALIZATION_DESC_INIT;
  desc.channels = shape.channels;
  desc.groups = groups;
  desc.epsilon = 1e-5f;
  desc.input_type = desc.output_type = type;
  desc.input_scale = desc.output_scale = kScale;
  desc.output_zero_point = zero_of(type);
  return {"group_normalization_" + std::to_string(groups), shape.elements(), shape.elements(),
          [=](qnnp_operator_t* op) { return qnnp_create_group_normalization(&desc, op); },
          [=](qnnp_operator_t op, const uint8_t* input, uint8_t* output) {
            return qnnp_setup_group_normalization(op, 1, shape.batch, input, shape.channels, output,
                                                  shape.channels);
          }};
}

// b lies behind a; `repeated`: it is one row for all rows of a (squeeze and excite).
Case binary(const char* name, const Shape& shape, enum qnnp_datatype type,
            enum qnnp_binary_operation operation, bool repeated = false) {
  qnnp_binary_desc desc = QNNP_BINARY_DESC_INIT;
  desc.operation = operation;
  desc.channels = shape.channels;
  desc.a_type = desc.b_type = desc.output_type = type;
  desc.a_scale = desc.b_scale = desc.output_scale = kScale;
  desc.a_zero_point = desc.b_zero_point = desc.output_zero_point = zero_of(type);
  const size_t elements = shape.elements(), channels = shape.channels;
  Case c = {name, elements + (repeated ? channels : elements), elements,
            [=](qnnp_operator_t* op) { return qnnp_create_binary(&desc, op); },
            [=](qnnp_operator_t op, const uint8_t* input, uint8_t* output) {
              return qnnp_setup_binary(op, shape.batch, input, channels, input + elements,
                                       repeated ? 0 : channels, output, channels);
            }};
  return repeated ? c : described(c, desc, shape);
}

std::vector<Case> cases_of(const Shape& shape, enum qnnp_datatype type) {
  return {binary("add", shape, type, qnnp_binary_operation_add),
          binary("subtract", shape, type, qnnp_binary_operation_subtract),
          binary("multiply", shape, type, qnnp_binary_operation_multiply),
          binary("squeeze_excite", shape, type, qnnp_binary_operation_multiply, true),
          clamp(shape, type),
          activation("sigmoid", shape, type, qnnp_activation_sigmoid),
          activation("leaky_relu", shape, type, qnnp_activation_leaky_relu),
          prelu(shape, type),
          requantize(shape, type),
          quantize(shape, type),
          dequantize(shape, type, qnnp_datatype_float32),
          dequantize(shape, type, qnnp_datatype_float16)};
}

}  // namespace

std::vector<Case> elementwise_cases() {
  std::vector<Case> result;
  for (const auto type : {qnnp_datatype_uint8, qnnp_datatype_int8}) {
    const auto add = [&](Case c, const Shape& shape) {
      c.name += std::string("/") + shape.name + (type == qnnp_datatype_int8 ? "/int8" : "/uint8");
      result.push_back(c);
    };
    for (const Shape& shape : kShapes) {
      for (const Case& c : cases_of(shape, type)) add(c, shape);
    }
    for (const Shape& shape : {Shape{"1x1000", 1, 1000}, Shape{"1536x128", 1536, 128}}) {
      add(softargmax(shape, type), shape);  // a classifier, attention
    }
    for (const size_t groups : {size_t{1}, size_t{8}}) {
      add(group_normalization(kShapes[1], type, groups), kShapes[1]);
    }
  }
  return result;
}

}  // namespace qnnp::bench
