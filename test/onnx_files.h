// SPDX-License-Identifier: BSD-3-Clause
// ONNX's test vectors as its package has them: a folder with model.onnx, and input_N.pb and
// output_N.pb in test_data_set_M. Below: protobuf and the package's messages. Above: onnx_test.cc.
#pragma once

#include <cstdint>
#include <cstring>
#include <map>
#include <string>
#include <vector>

namespace qnnp {
namespace test {

enum class OnnxType { uint8, int8, int32, float32, other };

struct OnnxTensor {
  OnnxType type = OnnxType::other;
  std::vector<size_t> sizes;
  std::vector<uint8_t> bytes;  // elements in the machine's order

  bool is_byte() const { return type == OnnxType::uint8 || type == OnnxType::int8; }
  size_t element_size() const { return is_byte() ? 1 : 4; }
  size_t count() const { return bytes.size() / element_size(); }
  int32_t integer(size_t i) const;
  float real(size_t i) const;
};

// The data of one test_data_set_M, in the order of the node's inputs and outputs.
struct OnnxData {
  std::vector<OnnxTensor> inputs;  // without bytes where the node leaves one out
  std::vector<OnnxTensor> outputs;
};

struct OnnxCase {
  std::string name;  // "node/test_qlinearconv"
  size_t nodes = 0;
  // Of the first node.
  std::string op;
  std::map<std::string, std::vector<int64_t>> attributes;  // an integer is a list of one
  std::vector<std::string> other_attributes;               // of another type
  std::vector<std::string> node_inputs, node_outputs;      // names, "" for one left out
  // Of the graph, in the order of the files.
  std::vector<std::string> inputs, outputs;
  std::vector<OnnxType> types;

  // Folders of test_data_set_M.
  std::vector<std::string> data_sets;
};

// Names of the cases below a folder of groups ("node", "simple", ...), sorted.
std::vector<std::string> onnx_case_names(const std::string& folder);

// Everything but the tensors; false if the file cannot be read.
bool read_onnx_case(const std::string& folder, const std::string& name, OnnxCase* to);
bool read_onnx_data(const OnnxCase& from, const std::string& data_set, OnnxData* to);

}  // namespace test
}  // namespace qnnp
