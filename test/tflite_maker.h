// SPDX-License-Identifier: BSD-3-Clause
//
// Writes small TensorFlow Lite files for tests of examples/classify, whole ones and damaged ones:
// `model` may be changed at will before Finish.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "harness/random.h"
#include "tflite_generated.h"

namespace classify {

class TfliteMaker {
 public:
  // Values are given as unsigned data. A signed maker writes the same network as int8: every byte
  // XOR 0x80, every zero point minus 128.
  explicit TfliteMaker(bool is_signed) : is_signed_(is_signed) {
    model.version = 3;
    model.buffers.push_back(std::make_unique<tflite::BufferT>());
    model.subgraphs.push_back(std::make_unique<tflite::SubGraphT>());
  }

  tflite::ModelT model;
  tflite::SubGraphT& graph() { return *model.subgraphs[0]; }

  // Each adds a tensor and returns its index.
  int Activation(std::vector<int32_t> shape, float scale, int zero_point) {
    return Add(std::move(shape), ByteType(), {scale}, zero_point, {});
  }
  int Constant(std::vector<int32_t> shape, float scale, int zero_point, std::vector<uint8_t> data) {
    return Add(std::move(shape), ByteType(), {scale}, zero_point, std::move(data));
  }
  int Computed(std::vector<int32_t> shape, tflite::TensorType type) {  // not of 8 bits
    return Add(std::move(shape), type, {}, 0, {});
  }
  // One scale per index along `dimension`, around `scale`.
  int Weights(std::vector<int32_t> shape, size_t dimension, float scale, int zero_point) {
    size_t count = 1;
    for (int32_t size : shape) count *= static_cast<size_t>(size);
    std::vector<uint8_t> data(count);
    random_.fill(data);
    std::vector<float> scales;
    for (int32_t i = 0; i < shape[dimension]; i++) {
      scales.push_back(scale * (1.0f + 0.1f * static_cast<float>(i)));
    }
    const int index = Add(std::move(shape), ByteType(), scales, zero_point, std::move(data));
    graph().tensors.back()->quantization->quantized_dimension = static_cast<int32_t>(dimension);
    return index;
  }
  int Bias(int32_t count) {
    std::vector<int32_t> values;
    for (int32_t i = 0; i < count; i++) {
      values.push_back(static_cast<int32_t>(random_.in(0, 2000)) - 1000);
    }
    return Int32({count}, values);
  }
  int Int32(std::vector<int32_t> shape, const std::vector<int32_t>& values) {
    std::vector<uint8_t> data(values.size() * sizeof(int32_t));
    std::memcpy(data.data(), values.data(), data.size());
    return Add(std::move(shape), tflite::TensorType_INT32, {}, 0, std::move(data));
  }

  template <class Options>
  void Op(tflite::BuiltinOperator code, std::vector<int> inputs, int output, Options options) {
    Op(code, std::move(inputs), output);
    graph().operators.back()->builtin_options.Set(std::move(options));
  }
  void Op(tflite::BuiltinOperator code, std::vector<int> inputs, int output) {
    model.operator_codes.push_back(std::make_unique<tflite::OperatorCodeT>());
    model.operator_codes.back()->deprecated_builtin_code = static_cast<int8_t>(code);
    model.operator_codes.back()->builtin_code = code;
    graph().operators.push_back(std::make_unique<tflite::OperatorT>());
    tflite::OperatorT& op = *graph().operators.back();
    op.opcode_index = static_cast<uint32_t>(model.operator_codes.size() - 1);
    op.inputs = std::move(inputs);
    op.outputs = {output};
  }

  std::vector<uint8_t> Finish(int input, int output) {
    graph().inputs = {input};
    graph().outputs = {output};
    return Finish();
  }
  std::vector<uint8_t> Finish() const {
    flatbuffers::FlatBufferBuilder builder;
    tflite::FinishModelBuffer(builder, tflite::CreateModel(builder, &model));
    return {builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize()};
  }

 private:
  tflite::TensorType ByteType() const {
    return is_signed_ ? tflite::TensorType_INT8 : tflite::TensorType_UINT8;
  }

  int Add(std::vector<int32_t> shape, tflite::TensorType type, const std::vector<float>& scales,
          int zero_point, std::vector<uint8_t> data) {
    const bool flips = type == tflite::TensorType_INT8;
    if (flips) {
      for (uint8_t& byte : data) byte ^= 0x80;
    }
    auto tensor = std::make_unique<tflite::TensorT>();
    tensor->shape = std::move(shape);
    tensor->type = type;
    tensor->name = "t" + std::to_string(graph().tensors.size());
    tensor->quantization = std::make_unique<tflite::QuantizationParametersT>();
    tensor->quantization->scale = scales;
    tensor->quantization->zero_point.assign(scales.size(), zero_point - (flips ? 128 : 0));
    if (!data.empty()) {
      tensor->buffer = static_cast<uint32_t>(model.buffers.size());
      model.buffers.push_back(std::make_unique<tflite::BufferT>());
      model.buffers.back()->data = std::move(data);
    }
    graph().tensors.push_back(std::move(tensor));
    return static_cast<int>(graph().tensors.size() - 1);
  }

  const bool is_signed_;
  qnnp::test::Random random_;
};

// A network of 1x8x8x3 -> 5 with one of every operator. Tensor 0 is its input.
inline TfliteMaker MakeTinyNetwork(bool is_signed) {
  TfliteMaker make(is_signed);
  const int input = make.Activation({1, 8, 8, 3}, 0.02f, 120);
  const int a = make.Activation({1, 4, 4, 4}, 0.03f, 10);
  tflite::Conv2DOptionsT convolution;
  convolution.stride_h = convolution.stride_w = 2;
  convolution.fused_activation_function = tflite::ActivationFunctionType_RELU6;
  make.Op(tflite::BuiltinOperator_CONV_2D,
          {input, make.Weights({4, 3, 3, 3}, 0, 0.01f, 128), make.Bias(4)}, a, convolution);
  const int b = make.Activation({1, 2, 2, 8}, 0.05f, 128);
  tflite::DepthwiseConv2DOptionsT depthwise;
  depthwise.padding = tflite::Padding_VALID;
  depthwise.stride_h = depthwise.stride_w = 1;
  make.Op(tflite::BuiltinOperator_DEPTHWISE_CONV_2D,
          {a, make.Weights({1, 3, 3, 8}, 3, 0.01f, 128), make.Bias(8)}, b, depthwise);
  const int padded = make.Activation({1, 4, 4, 8}, 0.05f, 128);
  make.Op(tflite::BuiltinOperator_PAD, {b, make.Int32({4, 2}, {0, 0, 1, 1, 1, 1, 0, 0})}, padded,
          tflite::PadOptionsT());
  const int c = make.Activation({1, 2, 2, 8}, 0.06f, 120);
  tflite::Conv2DOptionsT valid;
  valid.padding = tflite::Padding_VALID;
  valid.stride_h = valid.stride_w = 1;
  make.Op(tflite::BuiltinOperator_CONV_2D, {padded, make.Weights({8, 3, 3, 8}, 0, 0.01f, 128)}, c,
          valid);
  const int sum = make.Activation({1, 2, 2, 8}, 0.08f, 100);
  make.Op(tflite::BuiltinOperator_ADD, {b, c}, sum, tflite::AddOptionsT());
  const int clamped = make.Activation({1, 2, 2, 8}, 0.08f, 100);
  make.Op(tflite::BuiltinOperator_RELU, {sum}, clamped, tflite::AddOptionsT());
  const int pooled = make.Activation({1, 1, 2, 8}, 0.08f, 100);
  tflite::Pool2DOptionsT pool;
  pool.padding = tflite::Padding_VALID;
  pool.stride_h = pool.stride_w = pool.filter_width = 1;
  pool.filter_height = 2;
  make.Op(tflite::BuiltinOperator_AVERAGE_POOL_2D, {clamped}, pooled, pool);
  const int mean = make.Activation({1, 8}, 0.07f, 90);
  make.Op(tflite::BuiltinOperator_MEAN, {pooled, make.Int32({2}, {1, -2})}, mean,
          tflite::ReducerOptionsT());
  const int logits = make.Activation({1, 5}, 0.05f, 128);
  make.Op(tflite::BuiltinOperator_FULLY_CONNECTED,
          {mean, make.Weights({5, 8}, 0, 0.01f, 128), make.Bias(5)}, logits,
          tflite::FullyConnectedOptionsT());
  const int reshaped = make.Activation({5}, 0.05f, 128);
  make.Op(tflite::BuiltinOperator_RESHAPE, {logits, make.Int32({1}, {5})}, reshaped,
          tflite::ReshapeOptionsT());
  const int output = make.Activation({5}, 1.0f / 256, 0);
  tflite::SoftmaxOptionsT softmax;
  softmax.beta = 1.0f;
  make.Op(tflite::BuiltinOperator_SOFTMAX, {reshaped}, output, softmax);
  make.graph().inputs = {input};
  make.graph().outputs = {output};
  return make;
}

}  // namespace classify
