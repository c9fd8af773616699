// SPDX-License-Identifier: BSD-3-Clause

#include "network.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <string>

#include "arena.h"
#include "error.h"

namespace classify {
namespace {

constexpr std::align_val_t kAlignment{64};
constexpr size_t kMostBatchBytes = size_t{1} << 30;

void Check(qnnp_status status, const Layer* layer) {
  if (status == qnnp_status_success) return;
  Fail(layer == nullptr ? "" : Concat(layer->name, " ", layer->shape, ": "), qnnp_get_last_error());
}

template <class Value>
Value Read(const uint8_t* bytes) {
  Value value;
  std::memcpy(&value, bytes, sizeof(value));
  return value;
}

}  // namespace

void Network::BufferDeleter::operator()(uint8_t* memory) const {
  ::operator delete[](memory, kAlignment);
}

Network::Network(const Model& model, size_t threads, size_t batch)
    : model_(model), threads_(threads), batch_(batch) {
  const std::vector<size_t>& shape = model.tensors[Index(model.input)].shape;
  if (!shape.empty() && shape.size() > 1 && shape[0] != 1) {
    Fail("the network takes ", shape[0], " inputs at once; only 1 is supported");
  }
  Check(qnnp_initialize(), nullptr);
  if (threads > 1) {
    pool_.reset(pthreadpool_create(threads));
    if (pool_ == nullptr) Fail("cannot start ", threads, " threads");
  }
  plan_ = BuildLayers(model, batch);
  AllocateAndBind();
}

void Network::AllocateAndBind() {
  std::vector<TensorUse> uses;
  for (const Layer& layer : plan_.layers) {
    uses.push_back({layer.inputs, layer.output, layer.op == nullptr});
  }
  std::vector<size_t> sizes;
  for (const Tensor& tensor : model_.tensors) sizes.push_back(tensor.bytes() * batch_);
  std::vector<int> inside;
  for (const Place& place : plan_.places) inside.push_back(place.owner);
  const BufferPlan plan = PlanBuffers(uses, sizes, inside, model_.input, model_.output);
  for (size_t size : plan.sizes) buffers_.push_back(Allocate(size));
  for (int buffer : plan.of_tensor) {
    bytes_of_tensor_.push_back(buffer < 0 ? nullptr : buffers_[Index(buffer)].get());
  }
  for (const Layer& layer : plan_.layers) {
    if (layer.op != nullptr) Bind(layer);
  }
}

Network::Buffer Network::Allocate(size_t size) {
  if (size >= kMostBatchBytes) Fail("a buffer would need ", size, " bytes, 2^30 or more");
  Buffer buffer(static_cast<uint8_t*>(::operator new[](size, kAlignment)));
  std::fill_n(buffer.get(), size, uint8_t{0});
  buffer_bytes_ += size;
  return buffer;
}

void Network::Bind(const Layer& layer) {
  std::vector<const void*> inputs;
  for (int input : layer.inputs) {
    if (model_.tensors[Index(input)].data != nullptr) FillConstant(input);
    inputs.push_back(bytes_of_tensor_[Index(input)]);
  }
  const Where where = Find(layer.output);
  Check(layer.bind(inputs.data(), where.bytes + layer.output_offset,
                   where.stride == 0 ? layer.output_stride : where.stride),
        &layer);
}

// A constant among the data: the same for every input of the batch.
void Network::FillConstant(int tensor) {
  uint8_t*& bytes = bytes_of_tensor_[Index(tensor)];
  if (bytes != nullptr) return;
  const Tensor& constant = model_.tensors[Index(tensor)];
  buffers_.push_back(Allocate(constant.bytes() * batch_));
  bytes = buffers_.back().get();
  for (size_t i = 0; i < batch_; i++) {
    std::copy_n(constant.data, constant.bytes(), bytes + i * constant.bytes());
  }
}

// `stride` 0: dense. Only bytes are parts of others, so offsets need no size of an element.
Network::Where Network::Find(int tensor) const {
  size_t offset = 0, stride = 0;
  int owner = tensor;
  for (const Place* place = &plan_.places[Index(owner)]; place->owner >= 0;
       place = &plan_.places[Index(owner)]) {
    offset += place->offset;
    owner = place->owner;
    if (place->has_rows) stride = model_.tensors[Index(owner)].shape.back();
  }
  return {bytes_of_tensor_[Index(owner)] + offset, stride};
}

void Network::SetInput(const uint8_t* bytes) {
  std::copy_n(bytes, input_size() * batch_, bytes_of_tensor_[Index(model_.input)]);
}

void Network::Run() {
  for (size_t i = 0; i < plan_.layers.size(); i++) RunLayer(i);
}

void Network::RunLayer(size_t index) {
  const Layer& layer = plan_.layers[index];
  if (layer.op != nullptr) Check(qnnp_run_operator(layer.op.get(), pool_.get()), &layer);
}

double Network::Output(size_t index) const {
  const Tensor& output = model_.tensors[Index(model_.output)];
  const uint8_t* bytes = bytes_of_tensor_[Index(model_.output)] + index * SizeOf(output.type);
  switch (output.type) {
    case DataType::kFloat32:
      return Read<float>(bytes);
    case DataType::kInt32:
      return Read<int32_t>(bytes);
    case DataType::kInt64:
      return static_cast<double>(Read<int64_t>(bytes));
    default:
      break;
  }
  const int q = output.type == DataType::kInt8 ? Read<int8_t>(bytes) : *bytes;
  return static_cast<double>(output.scales[0]) * (q - output.zero_point);
}

std::vector<uint8_t> Network::TensorBytes(int tensor) const {
  const Tensor& shape = model_.tensors[Index(tensor)];
  const Where where = Find(tensor);
  const size_t row = where.stride == 0 ? shape.bytes() * batch_ : shape.shape.back();
  std::vector<uint8_t> result(shape.bytes() * batch_);
  for (size_t i = 0; i * row < result.size(); i++) {
    std::copy_n(where.bytes + i * where.stride, row, result.data() + i * row);
  }
  return result;
}

}  // namespace classify
