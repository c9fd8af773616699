// SPDX-License-Identifier: BSD-3-Clause
//
// What the builders of single operators (layers_*.cc) stand on; layers.cc calls them by the table
// operators.inc.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "error.h"
#include "geometry.h"
#include "layers.h"
#include "model.h"

namespace classify {

struct Range {
  int32_t min, max;
};

// The values that a fused activation allows: real bounds in the output's own quantization and type.
Range OutputRange(const Tensor& output, Activation activation);

qnnp_datatype TypeOf(const Tensor& tensor);

// A constant of int32 or int64.
std::vector<int32_t> Int32s(const Tensor& tensor);

// The dimension that `axis` names, counted from the end when negative.
size_t Dimension(int64_t axis, const Tensor& tensor);

size_t Channels(const Tensor& tensor);  // the last dimension
size_t Product(const std::vector<size_t>& shape, size_t begin, size_t end);

bool HaveEqualQuantization(const Tensor& a, const Tensor& b);
void NeedEqualQuantization(const Tensor& a, const Tensor& b);

// "56x56x64": without the batch.
std::string Hwc(const Tensor& tensor);

void Check(qnnp_status status);

template <class Desc>
void Create(qnnp_status (*create)(const Desc*, qnnp_operator_t*), const Desc& desc, Layer* layer) {
  qnnp_operator_t op = nullptr;
  Check(create(&desc, &op));
  layer->op.reset(op);
}

// The setup functions of operators of one input and rows of channels.
using RowSetup = qnnp_status (*)(qnnp_operator_t, size_t rows, const void* input,
                                 size_t input_stride, void* output, size_t output_stride);

class Builder {
 public:
  Builder(const Model& model, size_t batch);
  Plan Build();

  const Tensor& At(int tensor) const { return model_.tensors[static_cast<size_t>(tensor)]; }
  size_t batch() const { return batch_; }
  const Model& model() const { return model_; }
  const std::vector<Op>& ops() const { return model_.ops; }

  // A layer of op that reads `inputs`.
  Layer Start(const Op& op, std::vector<int> inputs) const;
  void Add(Layer layer) { plan_.layers.push_back(std::move(layer)); }
  void AddAlias(const Op& op);  // of its first data input
  // An operator on rows of channels, input and output of one shape but for the last dimension.
  void AddRows(RowSetup setup, Layer layer);

  // Whether `tensor` can be computed at its place in the concatenation `owner` already.
  bool Settle(int tensor, int owner, const Place& place);

  // What PAD does, for the convolution that follows; PAD itself then is no layer.
  struct Pad {
    int source;
    Margins height, width;
  };
  std::map<int, Pad> pads;  // by the tensor that PAD would compute

 private:
  void BuildOne(const Op& op);

  const Model& model_;
  const size_t batch_;
  std::vector<int> uses_;  // how many inputs of operators each tensor is
  Plan plan_;
};

#define OPERATOR(name, inputs, in, out, build) void build(Builder& builder, const Op& op);
#include "operators.inc"
#undef OPERATOR

}  // namespace classify
