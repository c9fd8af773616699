// SPDX-License-Identifier: BSD-3-Clause

#include "model.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <memory>
#include <utility>

#include "error.h"
#include "tflite_generated.h"

namespace classify {
namespace {

constexpr size_t kMostElements = size_t{1} << 30;
constexpr size_t kMostFileBytes = size_t{1} << 31;  // as much as a flatbuffer can be
constexpr int kAbsent = -1;

struct Rule {
  tflite::BuiltinOperator code;
  OpKind kind;
  size_t least_inputs, most_inputs;
  size_t activations;  // this many of the first inputs are computed, the others are constants
};

constexpr Rule kRules[] = {
    {tflite::BuiltinOperator_ADD, OpKind::kAdd, 2, 2, 2},
    {tflite::BuiltinOperator_AVERAGE_POOL_2D, OpKind::kAveragePool, 1, 1, 1},
    {tflite::BuiltinOperator_CONV_2D, OpKind::kConvolution, 2, 3, 1},
    {tflite::BuiltinOperator_DEPTHWISE_CONV_2D, OpKind::kDepthwiseConvolution, 2, 3, 1},
    {tflite::BuiltinOperator_FULLY_CONNECTED, OpKind::kFullyConnected, 2, 3, 1},
    {tflite::BuiltinOperator_MEAN, OpKind::kMean, 2, 2, 1},
    {tflite::BuiltinOperator_PAD, OpKind::kPad, 2, 2, 1},
    {tflite::BuiltinOperator_QUANTIZE, OpKind::kQuantize, 1, 1, 1},
    {tflite::BuiltinOperator_RELU, OpKind::kClamp, 1, 1, 1},
    {tflite::BuiltinOperator_RELU_N1_TO_1, OpKind::kClamp, 1, 1, 1},
    {tflite::BuiltinOperator_RELU6, OpKind::kClamp, 1, 1, 1},
    {tflite::BuiltinOperator_RESHAPE, OpKind::kReshape, 1, 2, 1},
    {tflite::BuiltinOperator_SQUEEZE, OpKind::kReshape, 1, 1, 1},
    {tflite::BuiltinOperator_SOFTMAX, OpKind::kSoftmax, 1, 1, 1},
};

DataType TypeOf(tflite::TensorType type) {
  switch (type) {
    case tflite::TensorType_UINT8:
      return DataType::kUint8;
    case tflite::TensorType_INT8:
      return DataType::kInt8;
    case tflite::TensorType_INT32:
      return DataType::kInt32;
    default:
      return DataType::kOther;
  }
}

// A name out of an open enum: numbers that the schema does not list have none.
std::string NameOr(const char* name, const char* what, int number) {
  return name[0] != '\0' ? std::string(name) : Concat(what, " ", number);
}

template <class Vector>
size_t SizeOf(const Vector* vector) {
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
    if (SizeOf(root_->subgraphs()) == 0) Fail("the file holds no network");
    graph_ = root_->subgraphs()->Get(0);
    if (SizeOf(graph_->tensors()) == 0 || SizeOf(graph_->operators()) == 0) {
      Fail("the network is empty: ", SizeOf(graph_->tensors()), " tensors, ",
           SizeOf(graph_->operators()), " operators");
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
    for (size_t i = 0; i < SizeOf(source.shape()); i++) {
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
    if (from == nullptr || tensor->type == DataType::kOther) return;
    if (from->details_type() != tflite::QuantizationDetails_NONE) {
      Fail(name, " has a custom quantization");
    }
    const size_t count = SizeOf(from->scale());
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
    const size_t count = SizeOf(from.zero_point());
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
    tensor->zero_point = static_cast<uint8_t>(zero_point - least);
  }

  void ReadData(const tflite::Tensor& source, const std::string& name, Tensor* tensor) {
    const size_t buffers = SizeOf(root_->buffers());
    if (source.buffer() >= buffers) {
      Fail(name, " is in buffer ", source.buffer(), " of ", buffers);
    }
    const tflite::Buffer& buffer = *root_->buffers()->Get(source.buffer());
    if (buffer.offset() > 1) Fail(name, " lies outside the flatbuffer, which is not supported");
    if (SizeOf(buffer.data()) == 0 || tensor->type == DataType::kOther) return;
    if (source.sparsity() != nullptr) Fail(name, " is sparse, which is not supported");
    const size_t bytes = tensor->elements * (tensor->type == DataType::kInt32 ? 4 : 1);
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
    if (SizeOf(ends) != 1) Fail("the network has ", SizeOf(ends), " ", what, "s, not one");
    const int index = CheckIndex(ends->Get(0), Concat("the network's ", what));
    if (model_.tensors[static_cast<size_t>(index)].data != nullptr) {
      Fail("the network's ", what, " is a constant: ", TensorName(model_, index));
    }
    return index;
  }

  void ReadOperators() {
    is_computed_.assign(model_.tensors.size(), false);
    is_computed_[static_cast<size_t>(model_.input)] = true;
    NoteActivation(model_.input, "the network's input");
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
    if (source.opcode_index() >= SizeOf(root_->operator_codes())) {
      Fail("operator ", index, " has code ", source.opcode_index(), " of ",
           SizeOf(root_->operator_codes()));
    }
    const Rule* rule = nullptr;
    Op op;
    op.name = OperatorName(*root_->operator_codes()->Get(source.opcode_index()), &rule);
    const std::string where = Concat("operator ", index, " (", op.name, ")");
    if (rule == nullptr) unsupported_[op.name]++;
    ReadInputs(source, rule, where, &op);
    for (size_t i = 0; i < SizeOf(source.outputs()); i++) {
      op.output = CheckIndex(source.outputs()->Get(static_cast<uint32_t>(i)), where);
      if (IsComputed(op.output) || At(op.output).data != nullptr) {
        Fail(where, " computes ", TensorName(model_, op.output), ", which has its values already");
      }
      is_computed_[static_cast<size_t>(op.output)] = true;
    }
    if (rule == nullptr) return;
    if (SizeOf(source.outputs()) != 1) {
      Fail(where, " has ", SizeOf(source.outputs()), " outputs, not 1");
    }
    NoteActivation(op.output, op.name);
    op.kind = rule->kind;
    ReadOptions(source, where, &op);
    model_.ops.push_back(std::move(op));
  }

  void ReadInputs(const tflite::Operator& source, const Rule* rule, const std::string& where,
                  Op* op) {
    const size_t count = SizeOf(source.inputs());
    if (rule != nullptr && (count < rule->least_inputs || count > rule->most_inputs)) {
      Fail(where, " has ", count, " inputs, not ", rule->least_inputs,
           rule->most_inputs > rule->least_inputs ? Concat(" or ", rule->most_inputs) : "");
    }
    for (size_t i = 0; i < count; i++) {
      const int32_t index = source.inputs()->Get(static_cast<uint32_t>(i));
      const bool is_optional = rule == nullptr || i >= rule->least_inputs;
      op->inputs.push_back(index == kAbsent && is_optional ? kAbsent : CheckIndex(index, where));
      if (rule == nullptr || op->inputs.back() == kAbsent) continue;
      if (i >= rule->activations) {
        if (At(index).data == nullptr) {
          Fail(where, " wants constants in ", TensorName(model_, index), " of type ",
               At(index).type_name, ", which has none");
        }
      } else if (!IsComputed(index)) {
        Fail(where, " reads ", TensorName(model_, index), " before anything computes it");
      } else {
        NoteActivation(index, op->name);
      }
    }
  }

  // Activations are 8-bit; whatever else there is goes on the list of what is not supported.
  void NoteActivation(int index, const std::string& where) {
    const Tensor& tensor = At(index);
    if (tensor.type != DataType::kUint8 && tensor.type != DataType::kInt8) {
      unsupported_[Concat(tensor.type_name, " data of ", where)]++;
    } else if (tensor.scales.size() != 1) {
      Fail(where, ": ", TensorName(model_, index), " has ", tensor.scales.size(),
           " scales, not one");
    }
  }

  static uint32_t Positive(int32_t value, const char* what, const std::string& where) {
    if (value < 1) Fail(where, ": ", what, " is ", value, ", not at least 1");
    return static_cast<uint32_t>(value);
  }

  Activation ReadActivation(tflite::ActivationFunctionType activation, const Op& op) {
    switch (activation) {
      case tflite::ActivationFunctionType_NONE:
        return Activation::kNone;
      case tflite::ActivationFunctionType_RELU:
        return Activation::kRelu;
      case tflite::ActivationFunctionType_RELU_N1_TO_1:
        return Activation::kReluN1To1;
      case tflite::ActivationFunctionType_RELU6:
        return Activation::kRelu6;
      default:
        unsupported_[Concat(op.name, " with fused ",
                            NameOr(tflite::EnumNameActivationFunctionType(activation), "activation",
                                   activation))]++;
        return Activation::kNone;
    }
  }

  template <class Options>
  void ReadWindow(const Options& options, const std::string& where, Op* op) {
    if (options.padding() != tflite::Padding_SAME && options.padding() != tflite::Padding_VALID) {
      Fail(where, ": padding is ", static_cast<int>(options.padding()), ", not SAME or VALID");
    }
    op->padding = options.padding() == tflite::Padding_SAME ? Padding::kSame : Padding::kValid;
    op->stride_height = Positive(options.stride_h(), "stride_h", where);
    op->stride_width = Positive(options.stride_w(), "stride_w", where);
    op->activation = ReadActivation(options.fused_activation_function(), *op);
  }

  template <class Options>
  void ReadConvolution(const Options& options, const std::string& where, Op* op) {
    ReadWindow(options, where, op);
    op->dilation_height = Positive(options.dilation_h_factor(), "dilation_h_factor", where);
    op->dilation_width = Positive(options.dilation_w_factor(), "dilation_w_factor", where);
  }

  template <class Options>
  static const Options& Need(const Options* options, const std::string& where) {
    if (options == nullptr) Fail(where, " has no options, or another operator's");
    return *options;
  }

  void ReadOptions(const tflite::Operator& source, const std::string& where, Op* op) {
    switch (op->kind) {
      case OpKind::kConvolution:
        ReadConvolution(Need(source.builtin_options_as_Conv2DOptions(), where), where, op);
        break;
      case OpKind::kDepthwiseConvolution:
        ReadConvolution(Need(source.builtin_options_as_DepthwiseConv2DOptions(), where), where, op);
        break;
      case OpKind::kAveragePool: {
        const auto& options = Need(source.builtin_options_as_Pool2DOptions(), where);
        ReadWindow(options, where, op);
        op->window_height = Positive(options.filter_height(), "filter_height", where);
        op->window_width = Positive(options.filter_width(), "filter_width", where);
        break;
      }
      case OpKind::kFullyConnected: {
        const auto& options = Need(source.builtin_options_as_FullyConnectedOptions(), where);
        if (options.weights_format() != tflite::FullyConnectedOptionsWeightsFormat_DEFAULT) {
          unsupported_[Concat(op->name, " with shuffled weights")]++;
        }
        op->activation = ReadActivation(options.fused_activation_function(), *op);
        break;
      }
      case OpKind::kAdd:
        if (source.builtin_options_as_AddOptions() != nullptr) {
          op->activation = ReadActivation(
              source.builtin_options_as_AddOptions()->fused_activation_function(), *op);
        }
        break;
      case OpKind::kSoftmax:
        op->beta = Need(source.builtin_options_as_SoftmaxOptions(), where).beta();
        break;
      case OpKind::kClamp:
        op->activation = op->name == "RELU6"  ? Activation::kRelu6
                         : op->name == "RELU" ? Activation::kRelu
                                              : Activation::kReluN1To1;
        break;
      default:
        break;
    }
  }

  const Tensor& At(int index) const { return model_.tensors[static_cast<size_t>(index)]; }
  bool IsComputed(int index) const { return is_computed_[static_cast<size_t>(index)]; }

  Model& model_;
  const tflite::Model* root_ = nullptr;
  const tflite::SubGraph* graph_ = nullptr;
  std::vector<bool> is_computed_;
  std::map<std::string, int> unsupported_;  // and how often
};

}  // namespace

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
