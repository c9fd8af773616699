// SPDX-License-Identifier: BSD-3-Clause
//
// A TensorFlow Lite file as plain, checked structures. After LoadModel every index is in range,
// every constant has the size its shape asks for, every value is computed before it is read, and
// all operators and data types are ones that layers.cc knows. Whether the shapes of an operator's
// tensors fit together is layers.cc's question.
//
// Signed data leaves here as unsigned data: an int8 value q with zero point z is the byte q ^ 0x80
// with zero point z + 128. Zero points are given in that form already; bytes are not touched.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace classify {

enum class DataType { kUint8, kInt8, kInt32, kOther };

struct Tensor {
  std::string name;
  DataType type = DataType::kOther;
  std::string type_name;      // as in the file: "INT8"
  std::vector<size_t> shape;  // no zeros
  size_t elements = 1;        // product of shape, below 2^30
  std::vector<float> scales;  // none, one, or one per index along quantized_dimension
  size_t quantized_dimension = 0;
  uint8_t zero_point = 0;         // of all channels, as unsigned data; 0 for int32
  const uint8_t* data = nullptr;  // a constant's bytes, unaligned; NULL: computed
};

enum class OpKind {
  kAdd,
  kAveragePool,
  kConvolution,
  kDepthwiseConvolution,
  kFullyConnected,
  kMean,
  kPad,
  kQuantize,
  kClamp,
  kReshape,
  kSoftmax,
};

enum class Padding { kSame, kValid };
enum class Activation { kNone, kRelu, kReluN1To1, kRelu6 };

struct Op {
  OpKind kind = OpKind::kReshape;
  std::string name;         // as in the file: "CONV_2D"
  std::vector<int> inputs;  // indices of tensors; -1: an optional input that is not there
  int output = 0;
  Padding padding = Padding::kValid;
  uint32_t stride_height = 1, stride_width = 1;
  uint32_t dilation_height = 1, dilation_width = 1;
  uint32_t window_height = 1, window_width = 1;  // of pooling
  Activation activation = Activation::kNone;     // fused; or kClamp's own
  float beta = 1.0f;                             // of softmax
};

struct Model {
  Model() = default;
  Model(Model&&) = default;  // constants point into `file`, so a model moves but is never copied
  Model& operator=(Model&&) = default;

  std::vector<uint8_t> file;
  std::vector<Tensor> tensors;
  std::vector<Op> ops;  // in an order in which they can be computed
  int input = 0, output = 0;
};

// "tensor 12 'logits'"
std::string TensorName(const Model& model, int index);

// "1x96x96x1"
std::string ShapeText(const std::vector<size_t>& shape);

// Both throw Error.
Model ParseModel(std::vector<uint8_t> file);
Model LoadModel(const std::string& path);

// The bytes of a file. Throws Error.
std::vector<uint8_t> ReadFile(const std::string& path);

}  // namespace classify
