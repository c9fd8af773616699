// SPDX-License-Identifier: BSD-3-Clause

#include "network.h"

#include <algorithm>
#include <new>
#include <string>

#include "arena.h"
#include "error.h"

namespace classify {
namespace {

constexpr std::align_val_t kAlignment{64};
constexpr size_t kMostBatchElements = size_t{1} << 30;

void Check(qnnp_status status, const Layer* layer) {
  if (status == qnnp_status_success) return;
  Fail(layer == nullptr ? "" : Concat(layer->name, " ", layer->shape, ": "), qnnp_get_last_error());
}

// Between the file's type and unsigned data, see model.h; its own inverse.
void FlipSigns(const Tensor& tensor, uint8_t* bytes, size_t count) {
  if (tensor.type != DataType::kInt8) return;
  std::for_each(bytes, bytes + count, [](uint8_t& byte) { byte ^= 0x80; });
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
  layers_ = BuildLayers(model, batch);
  AllocateAndBind();
}

void Network::AllocateAndBind() {
  std::vector<TensorUse> uses;
  for (const Layer& layer : layers_) {
    uses.push_back({layer.inputs, layer.output, layer.op == nullptr});
  }
  std::vector<size_t> sizes;
  for (const Tensor& tensor : model_.tensors) sizes.push_back(tensor.elements * batch_);
  const BufferPlan plan = PlanBuffers(uses, sizes, model_.input, model_.output);
  for (size_t size : plan.sizes) {
    if (size >= kMostBatchElements) Fail("a buffer would need ", size, " bytes, 2^30 or more");
    buffers_.emplace_back(static_cast<uint8_t*>(::operator new[](size, kAlignment)));
    std::fill_n(buffers_.back().get(), size, uint8_t{0});
    buffer_bytes_ += size;
  }
  for (int buffer : plan.of_tensor) {
    bytes_of_tensor_.push_back(buffer < 0 ? nullptr : buffers_[Index(buffer)].get());
  }
  for (const Layer& layer : layers_) {
    if (layer.op == nullptr) continue;
    const uint8_t* second =
        layer.inputs.size() > 1 ? bytes_of_tensor_[Index(layer.inputs[1])] : nullptr;
    Check(layer.bind(bytes_of_tensor_[Index(layer.inputs[0])], second,
                     bytes_of_tensor_[Index(layer.output)]),
          &layer);
  }
}

void Network::SetInput(const uint8_t* bytes) {
  uint8_t* input = bytes_of_tensor_[Index(model_.input)];
  std::copy_n(bytes, input_size() * batch_, input);
  FlipSigns(model_.tensors[Index(model_.input)], input, input_size() * batch_);
}

void Network::Run() {
  for (size_t i = 0; i < layers_.size(); i++) RunLayer(i);
}

void Network::RunLayer(size_t index) {
  const Layer& layer = layers_[index];
  if (layer.op != nullptr) Check(qnnp_run_operator(layer.op.get(), pool_.get()), &layer);
}

double Network::Output(size_t index) const {
  const Tensor& output = model_.tensors[Index(model_.output)];
  const int q = bytes_of_tensor_[Index(model_.output)][index];
  return static_cast<double>(output.scales[0]) * (q - output.zero_point);
}

std::vector<uint8_t> Network::TensorBytes(int tensor) const {
  const Tensor& shape = model_.tensors[Index(tensor)];
  const uint8_t* bytes = bytes_of_tensor_[Index(tensor)];
  std::vector<uint8_t> result(bytes, bytes + shape.elements * batch_);
  FlipSigns(shape, result.data(), result.size());
  return result;
}

}  // namespace classify
