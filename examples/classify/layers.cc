// SPDX-License-Identifier: BSD-3-Clause

#include "layers.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "builder.h"

namespace classify {
namespace {

using BuildFunction = void (*)(Builder&, const Op&);

// By OpKind.
constexpr BuildFunction kBuilders[] = {
#define OPERATOR(name, inputs, in, out, build) build,
#include "operators.inc"
#undef OPERATOR
};

}  // namespace

Range OutputRange(const Tensor& output, Activation activation) {
  const int32_t least = output.type == DataType::kInt8 ? -128 : 0, most = least + 255;
  const auto quantize = [&](float real) {
    const double q = output.zero_point + static_cast<double>(std::round(real / output.scales[0]));
    return static_cast<int32_t>(std::clamp<double>(q, least, most));
  };
  Range range = {least, most};
  if (activation != Activation::kNone) {
    range.min = quantize(activation == Activation::kReluN1To1 ? -1.0f : 0.0f);
    if (activation == Activation::kRelu6) range.max = quantize(6.0f);
    if (activation == Activation::kReluN1To1) range.max = quantize(1.0f);
  }
  // Limits of 0 and 0 would mean none at all to the library.
  if (range.min == range.max) Fail("the fused activation leaves one value only, ", range.min);
  return range;
}

qnnp_datatype TypeOf(const Tensor& tensor) {
  switch (tensor.type) {
    case DataType::kInt8:
      return qnnp_datatype_int8;
    case DataType::kInt32:
      return qnnp_datatype_int32;
    case DataType::kInt64:
      return qnnp_datatype_int64;
    case DataType::kFloat32:
      return qnnp_datatype_float32;
    default:
      return qnnp_datatype_uint8;
  }
}

std::vector<int32_t> Int32s(const Tensor& tensor) {  // little-endian hosts
  std::vector<int32_t> values(tensor.elements);
  if (tensor.type == DataType::kInt32) {
    std::memcpy(values.data(), tensor.data, values.size() * sizeof(int32_t));
  } else if (tensor.type == DataType::kInt64) {
    for (size_t i = 0; i < values.size(); i++) {
      int64_t value = 0;
      std::memcpy(&value, tensor.data + i * sizeof(value), sizeof(value));
      values[i] = static_cast<int32_t>(std::clamp<int64_t>(value, INT32_MIN, INT32_MAX));
    }
  } else {
    Fail("a constant of type ", tensor.type_name, " where INT32 is expected");
  }
  return values;
}

size_t Dimension(int64_t axis, const Tensor& tensor) {
  const auto count = static_cast<int64_t>(tensor.shape.size());
  if (axis < -count || axis >= count) {
    Fail("dimension ", axis, " of shape ", ShapeText(tensor.shape));
  }
  return static_cast<size_t>(axis < 0 ? axis + count : axis);
}

size_t Channels(const Tensor& tensor) { return tensor.shape.empty() ? 1 : tensor.shape.back(); }

size_t Product(const std::vector<size_t>& shape, size_t begin, size_t end) {
  size_t product = 1;
  for (size_t i = begin; i < end; i++) product *= shape[i];
  return product;
}

bool HaveEqualQuantization(const Tensor& a, const Tensor& b) {
  return a.type == b.type && a.scales[0] == b.scales[0] && a.zero_point == b.zero_point;
}

void NeedEqualQuantization(const Tensor& a, const Tensor& b) {
  if (!HaveEqualQuantization(a, b)) {
    Fail("input and output differ in type, scale or zero point, which is not supported");
  }
}

std::string Hwc(const Tensor& tensor) {
  const bool has_batch = tensor.shape.size() > 1 && tensor.shape[0] == 1;
  return ShapeText({tensor.shape.begin() + (has_batch ? 1 : 0), tensor.shape.end()});
}

void Check(qnnp_status status) {
  if (status != qnnp_status_success) Fail(qnnp_get_last_error());
}

// ---- Builder

Builder::Builder(const Model& model, size_t batch)
    : model_(model), batch_(batch), uses_(model.tensors.size()) {
  plan_.places.resize(model.tensors.size());
  for (const Op& op : model.ops) {
    for (int input : op.inputs) {
      if (input >= 0) uses_[static_cast<size_t>(input)]++;
    }
  }
}

Plan Builder::Build() {
  std::string refused;
  for (const Op& op : model_.ops) {
    try {
      BuildOne(op);
    } catch (const Error& error) {
      refused += Concat(refused.empty() ? "" : "\n", op.name, " of ",
                        TensorName(model_, op.output()), ": ", error.what());
    }
  }
  if (!refused.empty()) Fail(refused);
  return std::move(plan_);
}

void Builder::BuildOne(const Op& op) { kBuilders[static_cast<size_t>(op.kind)](*this, op); }

Layer Builder::Start(const Op& op, std::vector<int> inputs) const {
  Layer layer;
  layer.name = op.name;
  layer.output = op.output();
  layer.shape = Concat(Hwc(At(inputs[0])), " -> ", Hwc(At(op.output())));
  layer.inputs = std::move(inputs);
  layer.output_stride = Channels(At(op.output()));
  return layer;
}

void Builder::AddAlias(const Op& op) {
  const Tensor &input = At(op.inputs[0]), &output = At(op.output());
  if (input.elements != output.elements) {
    Fail("shapes ", ShapeText(input.shape), " and ", ShapeText(output.shape), " differ in size");
  }
  NeedEqualQuantization(input, output);
  Layer layer = Start(op, {op.inputs[0]});
  layer.output_stride = 0;
  Add(std::move(layer));
}

void Builder::AddRows(RowSetup setup, Layer layer) {
  const Tensor &input = At(layer.inputs[0]), &output = At(layer.output);
  if (input.shape != output.shape) {
    Fail("shapes ", ShapeText(input.shape), " and ", ShapeText(output.shape), " differ");
  }
  const size_t channels = Channels(input);
  layer.bind = [setup, handle = layer.op.get(), rows = batch_ * input.elements / channels,
                channels](const void* const* in, void* out, size_t stride) {
    return setup(handle, rows, in[0], channels, out, stride);
  };
  Add(std::move(layer));
}

bool Builder::Settle(int tensor, int owner, const Place& place) {
  const auto index = static_cast<size_t>(tensor);
  if (At(tensor).data != nullptr || tensor == model_.input || tensor == model_.output ||
      uses_[index] != 1 || !HaveEqualQuantization(At(tensor), At(owner))) {
    return false;
  }
  bool is_written = false;
  for (const Layer& layer : plan_.layers) {
    if (layer.output != tensor) continue;
    is_written = true;
    // A concatenation without a layer of its own can lie in another one row by row only.
    if (layer.op == nullptr && !(place.has_rows && layer.output_stride != 0)) return false;
    if (place.has_rows && layer.output_stride != Channels(At(tensor))) return false;
  }
  for (const Place& inner : plan_.places) {
    if (inner.owner == tensor && inner.has_rows != place.has_rows) return false;
  }
  if (!is_written) return false;
  plan_.places[index] = place;
  return true;
}

Plan BuildLayers(const Model& model, size_t batch) { return Builder(model, batch).Build(); }

}  // namespace classify
