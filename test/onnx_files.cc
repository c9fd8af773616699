// SPDX-License-Identifier: BSD-3-Clause
#include "onnx_files.h"

#include <onnx/onnx_pb.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace qnnp {
namespace test {
namespace {

namespace fs = std::filesystem;

template <class Message>
bool read_message(const fs::path& path, Message* message) {
  std::ifstream file(path, std::ios::binary);
  return file && message->ParseFromIstream(&file);
}

OnnxType type_of(int32_t type) {
  switch (type) {
    case onnx::TensorProto::UINT8:
      return OnnxType::uint8;
    case onnx::TensorProto::INT8:
      return OnnxType::int8;
    case onnx::TensorProto::INT32:
      return OnnxType::int32;
    case onnx::TensorProto::FLOAT:
      return OnnxType::float32;
    default:
      return OnnxType::other;
  }
}

template <class T, class Values>
void append(const Values& values, std::vector<uint8_t>* bytes) {
  for (const auto& value : values) {
    const T narrow = static_cast<T>(value);
    const uint8_t* const first = reinterpret_cast<const uint8_t*>(&narrow);
    bytes->insert(bytes->end(), first, first + sizeof(T));
  }
}

// Elements are in raw_data, or in the list that the type has.
bool read_tensor(const fs::path& path, OnnxTensor* to) {
  onnx::TensorProto from;
  if (!read_message(path, &from)) return false;
  to->type = type_of(from.data_type());
  size_t count = 1;
  for (int64_t size : from.dims()) {
    to->sizes.push_back(static_cast<size_t>(size));
    count *= static_cast<size_t>(size);
  }
  if (from.has_raw_data()) {
    to->bytes.assign(from.raw_data().begin(), from.raw_data().end());
  } else if (to->is_byte()) {
    append<uint8_t>(from.int32_data(), &to->bytes);
  } else if (to->type == OnnxType::int32) {
    append<int32_t>(from.int32_data(), &to->bytes);
  } else {
    append<float>(from.float_data(), &to->bytes);
  }
  return to->type != OnnxType::other && to->bytes.size() == count * to->element_size();
}

template <class Infos>
void read_infos(const Infos& infos, std::vector<std::string>* names, std::vector<OnnxType>* types) {
  for (const auto& info : infos) {
    names->push_back(info.name());
    types->push_back(type_of(info.type().tensor_type().elem_type()));
  }
}

void read_attributes(const onnx::NodeProto& node, OnnxCase* to) {
  for (const onnx::AttributeProto& attribute : node.attribute()) {
    std::vector<int64_t>& values = to->attributes[attribute.name()];
    if (attribute.type() == onnx::AttributeProto::INT) {
      values = {attribute.i()};
    } else if (attribute.type() == onnx::AttributeProto::INTS) {
      values.assign(attribute.ints().begin(), attribute.ints().end());
    } else {
      to->attributes.erase(attribute.name());
      to->other_attributes.push_back(attribute.name());
    }
  }
}

// The tensors PREFIX_0.pb, PREFIX_1.pb, ... carry the graph's names; the node wants some of them.
bool read_tensors(const fs::path& prefix, const std::vector<std::string>& names,
                  const std::vector<std::string>& wanted, std::vector<OnnxTensor>* to) {
  for (const std::string& name : wanted) {
    to->emplace_back();
    if (name.empty()) continue;
    const auto found = std::find(names.begin(), names.end(), name);
    const std::string number = std::to_string(found - names.begin());
    if (found == names.end()) return false;
    if (!read_tensor(prefix.string() + number + ".pb", &to->back())) return false;
  }
  return true;
}

}  // namespace

int32_t OnnxTensor::integer(size_t i) const {
  if (type == OnnxType::uint8) return bytes[i];
  if (type == OnnxType::int8) return static_cast<int8_t>(bytes[i]);
  int32_t value;
  memcpy(&value, &bytes[i * sizeof(value)], sizeof(value));
  return value;
}

float OnnxTensor::real(size_t i) const {
  float value;
  memcpy(&value, &bytes[i * sizeof(value)], sizeof(value));
  return value;
}

std::vector<std::string> onnx_case_names(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& group : fs::directory_iterator(folder, error)) {
    for (const auto& entry : fs::directory_iterator(group.path(), error)) {
      if (!fs::exists(entry.path() / "model.onnx", error)) continue;
      names.push_back((group.path().filename() / entry.path().filename()).string());
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

bool read_onnx_case(const std::string& folder, const std::string& name, OnnxCase* to) {
  onnx::ModelProto model;
  const fs::path path = fs::path(folder) / name;
  if (!read_message(path / "model.onnx", &model)) return false;
  const onnx::GraphProto& graph = model.graph();
  if (graph.node_size() == 0) return false;
  const onnx::NodeProto& node = graph.node(0);
  to->name = name;
  to->nodes = static_cast<size_t>(graph.node_size());
  to->op = node.op_type();
  read_attributes(node, to);
  to->node_inputs.assign(node.input().begin(), node.input().end());
  to->node_outputs.assign(node.output().begin(), node.output().end());
  read_infos(graph.input(), &to->inputs, &to->types);
  read_infos(graph.output(), &to->outputs, &to->types);
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(path, error)) {
    if (entry.is_directory()) to->data_sets.push_back(entry.path().string());
  }
  std::sort(to->data_sets.begin(), to->data_sets.end());
  return true;
}

bool read_onnx_data(const OnnxCase& from, const std::string& data_set, OnnxData* to) {
  const fs::path path = data_set;
  return read_tensors(path / "input_", from.inputs, from.node_inputs, &to->inputs) &&
         read_tensors(path / "output_", from.outputs, from.node_outputs, &to->outputs);
}

}  // namespace test
}  // namespace qnnp
