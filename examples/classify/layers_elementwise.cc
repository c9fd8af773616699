// SPDX-License-Identifier: BSD-3-Clause
//
// Builders of what computes element by element: arithmetic of two tensors, activations, softmax,
// and between quantizations.

#include "builder.h"

namespace classify {
namespace {

template <class Desc>
void FillInputAndOutput(const Tensor& input, const Tensor& output, Desc* desc) {
  desc->channels = Channels(input);
  desc->input_type = TypeOf(input);
  desc->input_scale = input.scales[0];
  desc->input_zero_point = input.zero_point;
  desc->output_type = TypeOf(output);
  desc->output_scale = output.scales[0];
  desc->output_zero_point = output.zero_point;
}

qnnp_activation FunctionOf(const Op& op) {
  switch (op.kind) {
    case OpKind::LOGISTIC:
      return qnnp_activation_sigmoid;
    case OpKind::TANH:
      return qnnp_activation_tanh;
    case OpKind::HARD_SWISH:
      return qnnp_activation_hard_swish;
    case OpKind::ELU:
      return qnnp_activation_elu;
    case OpKind::RELU6:
      return qnnp_activation_relu6;
    case OpKind::RELU_N1_TO_1:
      return qnnp_activation_relu_n1_to_1;
    case OpKind::LEAKY_RELU:  // a zero alpha would mean the library's default
      return op.alpha == 0 ? qnnp_activation_relu : qnnp_activation_leaky_relu;
    default:
      return qnnp_activation_relu;
  }
}

qnnp_binary_operation OperationOf(const Op& op) {
  switch (op.kind) {
    case OpKind::SUB:
      return qnnp_binary_operation_subtract;
    case OpKind::MUL:
      return qnnp_binary_operation_multiply;
    default:
      return qnnp_binary_operation_add;
  }
}

// How far rows of an operand lie apart that meets `output`: 0 for one row or one element for all.
size_t OperandStride(const Tensor& operand, const Tensor& output) {
  if (operand.shape == output.shape) return Channels(output);
  const bool is_row = operand.elements == Channels(output) && Channels(operand) == operand.elements;
  if (operand.elements != 1 && !is_row) {
    Fail("an operand of shape ", ShapeText(operand.shape), " for an output of ",
         ShapeText(output.shape), ": neither that shape, nor one row, nor one element");
  }
  return 0;
}

}  // namespace

void BuildBinary(Builder& b, const Op& op) {
  const Tensor *operands[2] = {&b.At(op.inputs[0]), &b.At(op.inputs[1])},
               &output = b.At(op.output());
  size_t strides[2], channels = Channels(output);
  for (size_t i = 0; i < 2; i++) {
    strides[i] = OperandStride(*operands[i], output);
    if (strides[i] == 0 && operands[i]->elements == 1) channels = 1;
    if (strides[i] == 0 && operands[i]->data == nullptr && b.batch() > 1) {
      Fail("one computed row for all others is supported for one input at a time only");
    }
  }
  if (strides[0] + strides[1] == 0) Fail("both operands are smaller than the output");
  if (channels != Channels(output)) {  // one element: the others are a column
    for (size_t i = 0; i < 2; i++) strides[i] = strides[i] == 0 ? 0 : 1;
  }
  const Range range = OutputRange(output, op.activation);
  qnnp_binary_desc desc = QNNP_BINARY_DESC_INIT;
  desc.operation = OperationOf(op);
  desc.channels = channels;
  desc.a_type = TypeOf(*operands[0]);
  desc.a_scale = operands[0]->scales[0];
  desc.a_zero_point = operands[0]->zero_point;
  desc.b_type = TypeOf(*operands[1]);
  desc.b_scale = operands[1]->scales[0];
  desc.b_zero_point = operands[1]->zero_point;
  desc.output_type = TypeOf(output);
  desc.output_scale = output.scales[0];
  desc.output_zero_point = output.zero_point;
  desc.output_min = range.min;
  desc.output_max = range.max;
  Layer layer = b.Start(op, op.inputs);
  layer.output_stride = channels;
  Create(qnnp_create_binary, desc, &layer);
  layer.bind = [handle = layer.op.get(), rows = b.batch() * output.elements / channels,
                a_stride = strides[0],
                b_stride = strides[1]](const void* const* in, void* out, size_t stride) {
    return qnnp_setup_binary(handle, rows, in[0], a_stride, in[1], b_stride, out, stride);
  };
  b.Add(std::move(layer));
}

void BuildActivation(Builder& b, const Op& op) {
  qnnp_activation_desc desc = QNNP_ACTIVATION_DESC_INIT;
  FillInputAndOutput(b.At(op.inputs[0]), b.At(op.output()), &desc);
  desc.function = FunctionOf(op);
  desc.alpha = op.alpha;
  Layer layer = b.Start(op, op.inputs);
  Create(qnnp_create_activation, desc, &layer);
  b.AddRows(qnnp_setup_activation, std::move(layer));
}

void BuildPrelu(Builder& b, const Op& op) {
  const Tensor &input = b.At(op.inputs[0]), &slope = b.At(op.inputs[1]);
  const size_t channels = Channels(input);
  if (slope.type != DataType::kUint8 && slope.type != DataType::kInt8) {
    Fail("slopes of type ", slope.type_name, " are not supported");
  }
  if (slope.scales.size() != 1) Fail("the slopes have ", slope.scales.size(), " scales, not one");
  if (slope.elements != 1 && (slope.elements != channels || Channels(slope) != channels)) {
    Fail("slopes of shape ", ShapeText(slope.shape), " are not one for each of ", channels,
         " channels");
  }
  std::vector<uint8_t> slopes(channels);
  for (size_t c = 0; c < channels; c++) slopes[c] = slope.data[slope.elements == 1 ? 0 : c];
  qnnp_prelu_desc desc = QNNP_PRELU_DESC_INIT;
  FillInputAndOutput(input, b.At(op.output()), &desc);
  desc.slope_type = TypeOf(slope);
  desc.slope_scale = slope.scales[0];
  desc.slope_zero_point = slope.zero_point;
  desc.slope = slopes.data();
  Layer layer = b.Start(op, {op.inputs[0]});
  Create(qnnp_create_prelu, desc, &layer);
  b.AddRows(qnnp_setup_prelu, std::move(layer));
}

void BuildSoftmax(Builder& b, const Op& op) {
  const Tensor &input = b.At(op.inputs[0]), &output = b.At(op.output());
  const int32_t zero_point = output.type == DataType::kInt8 ? -128 : 0;
  if (output.scales[0] != 1.0f / 256 || output.zero_point != zero_point) {
    Fail("the output has scale ", output.scales[0], " and zero point ", output.zero_point,
         ", not 1/256 and ", zero_point);
  }
  qnnp_softargmax_desc desc = QNNP_SOFTARGMAX_DESC_INIT;
  desc.channels = Channels(input);
  desc.input_type = TypeOf(input);
  desc.output_type = TypeOf(output);
  desc.input_scale = input.scales[0] * op.beta;
  Layer layer = b.Start(op, op.inputs);
  Create(qnnp_create_softargmax, desc, &layer);
  b.AddRows(qnnp_setup_softargmax, std::move(layer));
}

void BuildQuantize(Builder& b, const Op& op) {
  const Tensor &input = b.At(op.inputs[0]), &output = b.At(op.output());
  Layer layer = b.Start(op, op.inputs);
  if (input.type == DataType::kFloat32) {
    qnnp_quantize_desc desc = QNNP_QUANTIZE_DESC_INIT;
    desc.channels = Channels(input);
    desc.output_type = TypeOf(output);
    desc.output_scale = output.scales[0];
    desc.output_zero_point = output.zero_point;
    Create(qnnp_create_quantize, desc, &layer);
    return b.AddRows(qnnp_setup_quantize, std::move(layer));
  }
  qnnp_requantize_desc desc = QNNP_REQUANTIZE_DESC_INIT;
  FillInputAndOutput(input, output, &desc);
  Create(qnnp_create_requantize, desc, &layer);
  b.AddRows(qnnp_setup_requantize, std::move(layer));
}

void BuildDequantize(Builder& b, const Op& op) {
  const Tensor& input = b.At(op.inputs[0]);
  qnnp_dequantize_desc desc = QNNP_DEQUANTIZE_DESC_INIT;
  desc.channels = Channels(input);
  desc.input_type = TypeOf(input);
  desc.input_scale = input.scales[0];
  desc.input_zero_point = input.zero_point;
  Layer layer = b.Start(op, op.inputs);
  Create(qnnp_create_dequantize, desc, &layer);
  b.AddRows(qnnp_setup_dequantize, std::move(layer));
}

}  // namespace classify
