// SPDX-License-Identifier: BSD-3-Clause
//
// A TensorFlow Lite file as plain, checked structures. After LoadModel every index is in range,
// every constant has the size its shape asks for, every value is computed before it is read, and
// all operators and data types are ones that layers.cc knows. Whether the shapes of an operator's
// tensors fit together is layers.cc's question.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace classify {

enum class DataType { kUint8, kInt8, kInt32, kInt64, kFloat32, kOther };

// Bytes of an element; 0: a type of no use here.
size_t SizeOf(DataType type);

struct Tensor {
  std::string name;
  DataType type = DataType::kOther;
  std::string type_name;      // as in the file: "INT8"
  std::vector<size_t> shape;  // no zeros
  size_t elements = 1;        // product of shape, below 2^30
  std::vector<float> scales;  // none, one, or one per index along quantized_dimension
  size_t quantized_dimension = 0;
  int32_t zero_point = 0;         // of all channels; 0 for int32
  const uint8_t* data = nullptr;  // a constant's bytes, unaligned; NULL: computed

  size_t bytes() const { return elements * SizeOf(type); }
};

enum class OpKind {
#define OPERATOR(name, inputs, in, out, build) name,
#include "operators.inc"
#undef OPERATOR
};

// Names of all of them, separated by a comma and a space.
std::string OperatorNames();

enum class Padding { kSame, kValid };
enum class Activation { kNone, kRelu, kReluN1To1, kRelu6 };

struct Op {
  OpKind kind = OpKind::RESHAPE;
  std::string name;          // as in the file: "CONV_2D"
  std::vector<int> inputs;   // indices of tensors; -1: an optional input that is not there
  std::vector<int> outputs;  // one, but of SPLIT any number
  Padding padding = Padding::kValid;
  uint32_t stride_height = 1, stride_width = 1;
  uint32_t dilation_height = 1, dilation_width = 1;
  uint32_t window_height = 1, window_width = 1;  // of pooling
  Activation activation = Activation::kNone;     // fused
  float beta = 1.0f;                             // of softmax
  float alpha = 0.0f;                            // of LEAKY_RELU
  int32_t axis = 0;                              // of CONCATENATION; negative: from the end
  uint32_t block_size = 1;                       // of DEPTH_TO_SPACE and SPACE_TO_DEPTH
  bool align_corners = false, half_pixel_centers = false;  // of RESIZE_*
  bool transpose_b = false;                                // of BATCH_MATMUL
  uint32_t begin_mask = 0, end_mask = 0, shrink_mask = 0;  // of STRIDED_SLICE

  int output() const { return outputs[0]; }
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
