// SPDX-License-Identifier: BSD-3-Clause

#include "model.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>
#include <string_view>
#include <utility>

#include "error.h"
#include "options.h"
#include "tflite_generated.h"

namespace classify {
namespace {

constexpr size_t kMostElements = size_t{1} << 30;
constexpr size_t kMostFileBytes = size_t{1} << 31;  // as much as a flatbuffer can be
constexpr int kAbsent = -1;

constexpr unsigned kBytes = 1, kFloats = 2, kIndices = 4;  // sets of data types

struct Rule {
  tflite::BuiltinOperator code;
  OpKind kind;
  std::string_view inputs;  // as operators.inc explains
  unsigned input_types, output_types;

  char Role(size_t i) const {
    return i < inputs.size() && inputs[i] != '+' ? inputs[i] : inputs[inputs.size() - 2];
  }
  size_t least() const {
    size_t count = inputs.size();
    while (inputs[count - 1] == 'o' || inputs[count - 1] == '+') count--;
    return count;
  }
  size_t most() const { return inputs.back() == '+' ? kMostElements : inputs.size(); }
};

constexpr Rule kRules[] = {
#define OPERATOR(name, inputs, in, out, build) \
  {tflite::BuiltinOperator_##name, OpKind::name, inputs, in, out},
#include "operators.inc"
#undef OPERATOR
};

unsigned SetOf(DataType type) {
  switch (type) {
    case DataType::kUint8:
    case DataType::kInt8:
      return kBytes;
    case DataType::kFloat32:
      return kFloats;
    case DataType::kInt32:
    case DataType::kInt64:
      return kIndices;
    case DataType::kOther:
      break;
  }
  return 0;
}

DataType TypeOf(tflite::TensorType type) {
  switch (type) {
    case tflite::TensorType_UINT8:
      return DataType::kUint8;
    case tflite::TensorType_INT8:
      return DataType::kInt8;
    case tflite::TensorType_INT32:
      return DataType::kInt32;
    case tflite::TensorType_INT64:
      return DataType::kInt64;
    case tflite::TensorType_FLOAT32:
      return DataType::kFloat32;
    default:
      return DataType::kOther;
  }
}

template <class Vector>
size_t CountOf(const Vector* vector) {
  return vector == nullptr ? 0 : vector->size();
}

// Reads one file into one Model. Its steps go from the whole to the parts, and each relies on what
// the ones before it have checked.
class Reader {
 public:
  explicit Reader(Model* model) : model_(*model) {}

  void Read() {
    flatbuffers::Verifier verifier(model_.file.data(), model_.file.size());
    if (!tflite::VerifyModelBuffer(verifier)) {
      Fail("not a TensorFlow Lite file, or a damaged one: the flatbuffer does not verify");
    }
    root_ = tflite::GetModel(model_.file.data());
    if (root_->version() != 3) Fail("TensorFlow Lite file version ", root_->version(), ", not 3");
    if (CountOf(root_->subgraphs()) == 0) Fail("the file holds no network");
    graph_ = root_->subgraphs()->Get(0);
    if (CountOf(graph_->tensors()) == 0 || CountOf(graph_->operators()) == 0) {
      Fail("the network is empty: ", CountOf(graph_->tensors()), " tensors, ",
           CountOf(graph_->operators()), " operators");
    }
    for (size_t i = 0; i < graph_->tensors()->size(); i++) ReadTensor(i);
    model_.input = ReadEnd(graph_->inputs(), "input");
    model_.output = ReadEnd(graph_->outputs(), "output");
    ReadOperators();
  }

 private:
  // ---- Tensors

  void ReadTensor(size_t index) {
    const tflite::Tensor& source = *graph_->tensors()->Get(static_cast<uint32_t>(index));
    model_.tensors.emplace_back();
    Tensor& tensor = model_.tensors.back();
    if (source.name() != nullptr) tensor.name = Printable(source.name()->string_view());
    tensor.type = TypeOf(source.type());
    tensor.type_name = NameOr(tflite::EnumNameTensorType(source.type()), "type", source.type());
    const std::string name = TensorName(model_, static_cast<int>(index));
    for (size_t i = 0; i < CountOf(source.shape()); i++) {
      const int32_t size = source.shape()->Get(static_cast<uint32_t>(i));
      if (size < 1) Fail(name, ": dimension ", i, " is ", size, ", not at least 1");
      tensor.shape.push_back(static_cast<size_t>(size));
      if (tensor.shape.back() >= kMostElements / tensor.elements) {
        Fail(name, " is too large: 2^30 elements or more");
      }
      tensor.elements *= tensor.shape.back();
    }
    if (source.is_variable()) Fail(name, " is a variable; networks with a state are not supported");
    ReadQuantization(source, name, &tensor);
    ReadData(source, name, &tensor);
  }

  static void ReadQuantization(const tflite::Tensor& source, const std::string& name,
                               Tensor* tensor) {
    const tflite::QuantizationParameters* from = source.quantization();
    if (from == nullptr) return;
    if (SetOf(tensor->type) != kBytes && tensor->type != DataType::kInt32) return;
    if (from->details_type() != tflite::QuantizationDetails_NONE) {
      Fail(name, " has a custom quantization");
    }
    const size_t count = CountOf(from->scale());
    if (count == 0) return;
    const int32_t dimension = from->quantized_dimension();
    if (tensor->type == DataType::kInt32) {
      // A bias. The dimension is its weights' in some files, so only the count says anything.
      if (count != 1 && count != tensor->elements) {
        Fail(name, " has ", count, " scales for ", tensor->elements, " elements");
      }
    } else if (count != 1) {
      if (dimension < 0 || static_cast<size_t>(dimension) >= tensor->shape.size()) {
        Fail(name, " of shape ", ShapeText(tensor->shape), " has its scales along dimension ",
             dimension);
      }
      tensor->quantized_dimension = static_cast<size_t>(dimension);
      if (count != tensor->shape[tensor->quantized_dimension]) {
        Fail(name, " of shape ", ShapeText(tensor->shape), " has ", count,
             " scales along dimension ", dimension);
      }
    }
    for (float scale : *from->scale()) {
      if (!std::isnormal(scale) || scale < 0) {
        Fail(name, " has scale ", scale, ", not a positive normal number");
      }
      tensor->scales.push_back(scale);
    }
    ReadZeroPoint(*from, name, tensor);
  }

  static void ReadZeroPoint(const tflite::QuantizationParameters& from, const std::string& name,
                            Tensor* tensor) {
    const size_t count = CountOf(from.zero_point());
    if (count != 0 && count != tensor->scales.size()) {
      Fail(name, " has ", count, " zero points and ", tensor->scales.size(), " scales");
    }
    const int64_t zero_point = count == 0 ? 0 : from.zero_point()->Get(0);
    for (size_t i = 0; i < count; i++) {
      const int64_t other = from.zero_point()->Get(static_cast<uint32_t>(i));
      if (other != zero_point) {
        Fail(name, " has different zero points: ", zero_point, " and ", other);
      }
    }
    const bool is_bias = tensor->type == DataType::kInt32;
    const int64_t least = tensor->type == DataType::kInt8 ? -128 : 0;
    if (zero_point < least || zero_point > least + (is_bias ? 0 : 255)) {
      Fail(name, " of type ", tensor->type_name, " has zero point ", zero_point);
    }
    tensor->zero_point = static_cast<int32_t>(zero_point);
  }

  void ReadData(const tflite::Tensor& source, const std::string& name, Tensor* tensor) {
    const size_t buffers = CountOf(root_->buffers());
    if (source.buffer() >= buffers) {
      Fail(name, " is in buffer ", source.buffer(), " of ", buffers);
    }
    const tflite::Buffer& buffer = *root_->buffers()->Get(source.buffer());
    if (buffer.offset() > 1) Fail(name, " lies outside the flatbuffer, which is not supported");
    if (CountOf(buffer.data()) == 0 || tensor->type == DataType::kOther) return;
    if (source.sparsity() != nullptr) Fail(name, " is sparse, which is not supported");
    const size_t bytes = tensor->bytes();
    if (buffer.data()->size() != bytes) {
      Fail(name, " holds ", buffer.data()->size(), " bytes; its shape ", ShapeText(tensor->shape),
           " needs ", bytes);
    }
    tensor->data = buffer.data()->data();
  }

  // ---- Operators

  int CheckIndex(int32_t index, const std::string& where) const {
    if (index < 0 || static_cast<size_t>(index) >= model_.tensors.size()) {
      Fail(where, " names tensor ", index, " of ", model_.tensors.size());
    }
    return index;
  }

  int ReadEnd(const flatbuffers::Vector<int32_t>* ends, const char* what) const {
    if (CountOf(ends) != 1) Fail("the network has ", CountOf(ends), " ", what, "s, not one");
    const int index = CheckIndex(ends->Get(0), Concat("the network's ", what));
    if (model_.tensors[static_cast<size_t>(index)].data != nullptr) {
      Fail("the network's ", what, " is a constant: ", TensorName(model_, index));
    }
    return index;
  }

  void ReadOperators() {
    is_computed_.assign(model_.tensors.size(), false);
    is_computed_[static_cast<size_t>(model_.input)] = true;
    NoteData(model_.input, kBytes | kFloats, "the network's input");
    for (size_t i = 0; i < graph_->operators()->size(); i++) {
      ReadOperator(*graph_->operators()->Get(static_cast<uint32_t>(i)), i);
    }
    if (!unsupported_.empty()) {
      std::string list;
      for (const auto& [what, count] : unsupported_) {
        list += Concat(list.empty() ? "" : ", ", what, count > 1 ? Concat(" (", count, "x)") : "");
      }
      Fail("the network needs what is not supported: ", list);
    }
    if (!is_computed_[static_cast<size_t>(model_.output)]) {
      Fail("no operator computes the network's output, ", TensorName(model_, model_.output));
    }
  }

  // What a name of an operator is, and the rule for it where there is one.
  std::string OperatorName(const tflite::OperatorCode& code, const Rule** rule) const {
    const int number =
        std::max<int>(code.deprecated_builtin_code(), static_cast<int>(code.builtin_code()));
    *rule = nullptr;
    for (const Rule& candidate : kRules) {
      if (candidate.code == number) *rule = &candidate;
    }
    if (number == tflite::BuiltinOperator_CUSTOM && code.custom_code() != nullptr) {
      return Concat("CUSTOM '", Printable(code.custom_code()->string_view()), "'");
    }
    const auto value = static_cast<tflite::BuiltinOperator>(number);
    return NameOr(tflite::EnumNameBuiltinOperator(value), "operator", number);
  }

  void ReadOperator(const tflite::Operator& source, size_t index) {
    if (source.opcode_index() >= CountOf(root_->operator_codes())) {
      Fail("operator ", index, " has code ", source.opcode_index(), " of ",
           CountOf(root_->operator_codes()));
    }
    const Rule* rule = nullptr;
    Op op;
    op.name = OperatorName(*root_->operator_codes()->Get(source.opcode_index()), &rule);
    const std::string where = Concat("operator ", index, " (", op.name, ")");
    if (rule == nullptr) unsupported_[op.name]++;
    ReadInputs(source, rule, where, &op);
    for (size_t i = 0; i < CountOf(source.outputs()); i++) {
      const int output = CheckIndex(source.outputs()->Get(static_cast<uint32_t>(i)), where);
      if (IsComputed(output) || At(output).data != nullptr) {
        Fail(where, " computes ", TensorName(model_, output), ", which has its values already");
      }
      is_computed_[static_cast<size_t>(output)] = true;
      op.outputs.push_back(output);
    }
    if (rule == nullptr) return;
    op.kind = rule->kind;
    if (op.outputs.empty() || (op.outputs.size() > 1 && op.kind != OpKind::SPLIT)) {
      Fail(where, " has ", op.outputs.size(), " outputs, not 1");
    }
    for (int output : op.outputs) NoteData(output, rule->output_types, op.name);
    ReadOptions(source, where, &op, &unsupported_);
    model_.ops.push_back(std::move(op));
  }

  void ReadInputs(const tflite::Operator& source, const Rule* rule, const std::string& where,
                  Op* op) {
    const size_t count = CountOf(source.inputs());
    if (rule != nullptr && (count < rule->least() || count > rule->most())) {
      Fail(where, " has ", count, " inputs, not ", rule->least(),
           rule->most() > rule->least() ? " or more" : "");
    }
    for (size_t i = 0; i < count; i++) {
      const int32_t index = source.inputs()->Get(static_cast<uint32_t>(i));
      const char role = rule == nullptr ? 'o' : rule->Role(i);
      op->inputs.push_back(index == kAbsent && role == 'o' ? kAbsent : CheckIndex(index, where));
      if (rule != nullptr && op->inputs.back() != kAbsent) {
        CheckInput(index, role, rule->input_types, where, *op);
      }
    }
  }

  void CheckInput(int index, char role, unsigned types, const std::string& where, const Op& op) {
    const bool is_constant = At(index).data != nullptr;
    if (role == 'c' || role == 'o') {
      if (!is_constant) {
        Fail(where, " wants constants in ", TensorName(model_, index), " of type ",
             At(index).type_name, ", which has none");
      }
      return;
    }
    if (!IsComputed(index) && !(role == 'e' && is_constant)) {
      Fail(where, " reads ", TensorName(model_, index), " before anything computes it");
    }
    NoteData(index, types, op.name);
  }

  // Data of a type that its operator does not take goes on the list of what is not supported.
  void NoteData(int index, unsigned types, const std::string& where) {
    const Tensor& tensor = At(index);
    if ((SetOf(tensor.type) & types) == 0) {
      unsupported_[Concat(tensor.type_name, " data of ", where)]++;
    } else if (SetOf(tensor.type) == kBytes && tensor.scales.size() != 1) {
      Fail(where, ": ", TensorName(model_, index), " has ", tensor.scales.size(),
           " scales, not one");
    }
  }

  const Tensor& At(int index) const { return model_.tensors[static_cast<size_t>(index)]; }
  bool IsComputed(int index) const { return is_computed_[static_cast<size_t>(index)]; }

  Model& model_;
  const tflite::Model* root_ = nullptr;
  const tflite::SubGraph* graph_ = nullptr;
  std::vector<bool> is_computed_;
  Unsupported unsupported_;
};

}  // namespace

size_t SizeOf(DataType type) {
  switch (SetOf(type)) {
    case kBytes:
      return 1;
    case kFloats:
      return sizeof(float);
    case kIndices:
      return type == DataType::kInt64 ? sizeof(int64_t) : sizeof(int32_t);
  }
  return 0;
}

std::string OperatorNames() {
  std::string names;
  for (const Rule& rule : kRules) {
    names += Concat(names.empty() ? "" : ", ", tflite::EnumNameBuiltinOperator(rule.code));
  }
  return names;
}

std::string TensorName(const Model& model, int index) {
  const std::string& name = model.tensors[static_cast<size_t>(index)].name;
  return Concat("tensor ", index, name.empty() ? "" : Concat(" '", name, "'"));
}

std::string ShapeText(const std::vector<size_t>& shape) {
  std::string text;
  for (size_t size : shape) text += Concat(text.empty() ? "" : "x", size);
  return text.empty() ? "()" : text;
}

Model ParseModel(std::vector<uint8_t> file) {
  Model model;
  model.file = std::move(file);
  Reader(&model).Read();
  return model;
}

Model LoadModel(const std::string& path) {
  std::vector<uint8_t> file = ReadFile(path);
  try {
    return ParseModel(std::move(file));
  } catch (const Error& error) {
    Fail(path, ": ", error.what());
  }
}

std::vector<uint8_t> ReadFile(const std::string& path) {
  const std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(path.c_str(), "rb"), std::fclose);
  if (file == nullptr) Fail("cannot open ", path);
  std::vector<uint8_t> bytes;
  size_t count = 0;
  constexpr size_t kChunk = size_t{1} << 20;
  do {
    if (bytes.size() >= kMostFileBytes) Fail(path, " is too large: 2 GiB or more");
    bytes.resize(bytes.size() + kChunk);
    count = std::fread(bytes.data() + bytes.size() - kChunk, 1, kChunk, file.get());
    bytes.resize(bytes.size() - kChunk + count);
  } while (count == kChunk);
  if (std::ferror(file.get()) != 0) Fail("cannot read ", path);
  return bytes;
}

}  // namespace classify
