// SPDX-License-Identifier: BSD-3-Clause
//
// Builders of what multiplies matrices: convolutions, fully connected, transposed convolution,
// batched multiplication.

#include <cmath>
#include <limits>

#include "builder.h"

namespace classify {
namespace {

// [height][width][channels * multiplier] to [channels][multiplier][height][width]: to the library a
// depthwise convolution has one group per input channel, with `multiplier` outputs each.
std::vector<uint8_t> ByGroup(const uint8_t* weights, size_t pixels, size_t outputs) {
  std::vector<uint8_t> result(pixels * outputs);
  for (size_t pixel = 0; pixel < pixels; pixel++) {
    for (size_t channel = 0; channel < outputs; channel++) {
      result[channel * pixels + pixel] = weights[pixel * outputs + channel];
    }
  }
  return result;
}

void CheckWeights(const Tensor& weights, size_t dimension) {
  if (weights.type != DataType::kUint8 && weights.type != DataType::kInt8) {
    Fail("weights of type ", weights.type_name, " are not supported");
  }
  if (weights.scales.empty()) Fail("the weights have no quantization");
  if (weights.scales.size() > 1 && weights.quantized_dimension != dimension) {
    Fail("the weights' scales go along dimension ", weights.quantized_dimension, ", not ",
         dimension);
  }
}

// Input `index` of op. Empty: none. TFLite's own rule for its scale: input scale times weights'
// scale, up to a fiftieth of the output's.
std::vector<int32_t> Bias(const Builder& b, const Op& op, size_t index, const Tensor& input) {
  if (op.inputs.size() <= index || op.inputs[index] < 0) return {};
  const Tensor &bias = b.At(op.inputs[index]), &output = b.At(op.output());
  if (bias.type != DataType::kInt32 || bias.elements != Channels(output)) {
    Fail("the bias is ", bias.type_name, " ", ShapeText(bias.shape), ", not INT32 ",
         Channels(output));
  }
  const Tensor& weights = b.At(op.inputs[1]);
  for (size_t i = 0; i < bias.scales.size(); i++) {
    const double kernel_scale = weights.scales[weights.scales.size() == 1 ? 0 : i];
    const double expected = kernel_scale * static_cast<double>(input.scales[0]);
    if (std::abs(bias.scales[i] - expected) > 0.02 * static_cast<double>(output.scales[0])) {
      Fail("the bias's scale is ", bias.scales[i], ", not input scale times weights' scale, ",
           expected);
    }
  }
  return Int32s(bias);
}

// The fields that all description structs with weights have.
template <class Desc>
void FillWeights(const Op& op, const Tensor& input, const Tensor& weights, const Tensor& output,
                 const uint8_t* kernel, const std::vector<int32_t>& bias, Desc* desc) {
  const Range range = OutputRange(output, op.activation);
  desc->input_type = TypeOf(input);
  desc->input_scale = input.scales[0];
  desc->input_zero_point = input.zero_point;
  desc->kernel_type = TypeOf(weights);
  desc->kernel_zero_point = weights.zero_point;
  desc->kernel = kernel;
  desc->kernel_scale = weights.scales[0];
  desc->kernel_scales = weights.scales.size() > 1 ? weights.scales.data() : nullptr;
  desc->bias = bias.empty() ? nullptr : bias.data();
  desc->output_type = TypeOf(output);
  desc->output_scale = output.scales[0];
  desc->output_zero_point = output.zero_point;
  desc->output_min = range.min;
  desc->output_max = range.max;
}

template <class Desc>
void FillPadding(Margins height, Margins width, Desc* desc) {
  desc->input_padding_top = height.before;
  desc->input_padding_bottom = height.after;
  desc->input_padding_left = width.before;
  desc->input_padding_right = width.after;
}

// Of a transposed convolution, one direction: `input` rows become `output` ones. What the windows
// reach beyond those is padding; what they miss is an adjustment.
struct Stretch {
  Margins padding;
  uint32_t adjustment = 0;
};

Stretch PlanStretch(uint64_t input, uint64_t kernel, uint64_t stride, uint64_t output,
                    Padding padding) {
  const uint64_t reach = (input - 1) * stride + kernel;
  const uint64_t positions = padding == Padding::kSame ? (output + stride - 1) / stride
                             : output < kernel         ? 0
                                                       : (output - kernel) / stride + 1;
  if (positions != input) {
    Fail("an output of ", output, " has ", positions, " positions of the window, not ", input);
  }
  if (reach > std::numeric_limits<uint32_t>::max()) Fail("the output is too large: ", reach);
  Stretch stretch;
  if (output > reach) stretch.adjustment = static_cast<uint32_t>(output - reach);
  const auto total = static_cast<uint32_t>(output < reach ? reach - output : 0);
  stretch.padding = {total / 2, total - total / 2};
  return stretch;
}

// [outputs][pixels][inputs] to [inputs][pixels][outputs].
std::vector<uint8_t> SwapEnds(const uint8_t* weights, size_t outputs, size_t pixels,
                              size_t inputs) {
  std::vector<uint8_t> result(outputs * pixels * inputs);
  for (size_t o = 0; o < outputs; o++) {
    for (size_t p = 0; p < pixels; p++) {
      for (size_t i = 0; i < inputs; i++) {
        result[(i * pixels + p) * outputs + o] = weights[(o * pixels + p) * inputs + i];
      }
    }
  }
  return result;
}

}  // namespace

void BuildConvolution(Builder& b, const Op& op) {
  const bool is_depthwise = op.kind == OpKind::DEPTHWISE_CONV_2D;
  const auto pad = b.pads.find(op.inputs[0]);
  const bool has_pad = pad != b.pads.end();
  Layer layer = b.Start(op, {has_pad ? pad->second.source : op.inputs[0]});
  const Tensor &input = b.At(layer.inputs[0]), &output = b.At(op.output()),
               &weights = b.At(op.inputs[1]);
  const ConvolutionGeometry g = PlanConvolution(op, input.shape, weights.shape, output.shape,
                                                has_pad ? pad->second.height : Margins{},
                                                has_pad ? pad->second.width : Margins{});
  CheckWeights(weights, is_depthwise ? 3 : 0);
  std::vector<uint8_t> kernel;
  if (is_depthwise) {
    kernel = ByGroup(weights.data, g.kernel_height * g.kernel_width, output.shape[3]);
  }
  const std::vector<int32_t> bias = Bias(b, op, 2, input);

  qnnp_convolution2d_desc desc = QNNP_CONVOLUTION2D_DESC_INIT;
  FillPadding(g.height, g.width, &desc);
  desc.kernel_height = g.kernel_height;
  desc.kernel_width = g.kernel_width;
  desc.subsampling_height = op.stride_height;
  desc.subsampling_width = op.stride_width;
  desc.dilation_height = op.dilation_height;
  desc.dilation_width = op.dilation_width;
  desc.groups = g.groups;
  desc.group_input_channels = g.group_input_channels;
  desc.group_output_channels = g.group_output_channels;
  FillWeights(op, input, weights, output, is_depthwise ? kernel.data() : weights.data, bias, &desc);
  Create(qnnp_create_convolution2d, desc, &layer);
  layer.shape += Concat(" ", WindowText(op, g.kernel_height, g.kernel_width));
  layer.bind = [handle = layer.op.get(), images = b.batch() * input.shape[0], in = input.shape](
                   const void* const* from, void* out, size_t stride) {
    return qnnp_setup_convolution2d(handle, images, in[1], in[2], from[0], in[3], out, stride);
  };
  b.Add(std::move(layer));
}

void BuildTransposeConv(Builder& b, const Op& op) {
  Layer layer = b.Start(op, {op.inputs[2]});
  const Tensor &input = b.At(op.inputs[2]), &output = b.At(op.output()),
               &weights = b.At(op.inputs[1]);
  if (input.shape.size() != 4 || output.shape.size() != 4 || weights.shape.size() != 4 ||
      input.shape[0] != output.shape[0] || weights.shape[0] != output.shape[3] ||
      weights.shape[3] != input.shape[3]) {
    Fail("weights ", ShapeText(weights.shape), " do not lead from ", ShapeText(input.shape), " to ",
         ShapeText(output.shape));
  }
  CheckWeights(weights, 0);
  const size_t kernel_height = weights.shape[1], kernel_width = weights.shape[2];
  const Stretch height =
      PlanStretch(input.shape[1], kernel_height, op.stride_height, output.shape[1], op.padding);
  const Stretch width =
      PlanStretch(input.shape[2], kernel_width, op.stride_width, output.shape[2], op.padding);
  const std::vector<uint8_t> kernel =
      SwapEnds(weights.data, output.shape[3], kernel_height * kernel_width, input.shape[3]);
  const std::vector<int32_t> bias = Bias(b, op, 3, input);

  qnnp_deconvolution2d_desc desc = QNNP_DECONVOLUTION2D_DESC_INIT;
  FillPadding(height.padding, width.padding, &desc);
  desc.adjustment_height = height.adjustment;
  desc.adjustment_width = width.adjustment;
  desc.kernel_height = static_cast<uint32_t>(kernel_height);
  desc.kernel_width = static_cast<uint32_t>(kernel_width);
  desc.stride_height = op.stride_height;
  desc.stride_width = op.stride_width;
  desc.group_input_channels = input.shape[3];
  desc.group_output_channels = output.shape[3];
  FillWeights(op, input, weights, output, kernel.data(), bias, &desc);
  Create(qnnp_create_deconvolution2d, desc, &layer);
  layer.shape += Concat(" ", WindowText(op, desc.kernel_height, desc.kernel_width));
  layer.bind = [handle = layer.op.get(), images = b.batch() * input.shape[0], in = input.shape](
                   const void* const* from, void* out, size_t stride) {
    return qnnp_setup_deconvolution2d(handle, images, in[1], in[2], from[0], in[3], out, stride);
  };
  b.Add(std::move(layer));
}

void BuildFullyConnected(Builder& b, const Op& op) {
  Layer layer = b.Start(op, {op.inputs[0]});
  const Tensor &input = b.At(op.inputs[0]), &output = b.At(op.output()),
               &weights = b.At(op.inputs[1]);
  if (weights.shape.size() != 2) Fail("weights of shape ", ShapeText(weights.shape));
  const size_t outputs = weights.shape[0], inputs = weights.shape[1];
  const size_t rows = input.elements / inputs;
  if (rows * inputs != input.elements || rows * outputs != output.elements ||
      outputs != Channels(output)) {
    Fail("weights ", ShapeText(weights.shape), " do not lead from ", ShapeText(input.shape), " to ",
         ShapeText(output.shape));
  }
  CheckWeights(weights, 0);
  const std::vector<int32_t> bias = Bias(b, op, 2, input);
  qnnp_fully_connected_desc desc = QNNP_FULLY_CONNECTED_DESC_INIT;
  desc.input_channels = inputs;
  desc.output_channels = outputs;
  FillWeights(op, input, weights, output, weights.data, bias, &desc);
  Create(qnnp_create_fully_connected, desc, &layer);
  layer.shape = Concat(inputs, " -> ", outputs);
  layer.bind = [handle = layer.op.get(), rows = b.batch() * rows, inputs](
                   const void* const* in, void* out, size_t stride) {
    return qnnp_setup_fully_connected(handle, rows, in[0], inputs, out, stride);
  };
  b.Add(std::move(layer));
}

void BuildBatchMatMul(Builder& b, const Op& op) {
  Layer layer = b.Start(op, op.inputs);
  const Tensor &left = b.At(op.inputs[0]), &right = b.At(op.inputs[1]), &output = b.At(op.output());
  const size_t rank = left.shape.size();
  if (rank < 2 || right.shape.size() != rank || output.shape.size() != rank) {
    Fail("operands of shape ", ShapeText(left.shape), " and ", ShapeText(right.shape));
  }
  const size_t m = left.shape[rank - 2], k = left.shape[rank - 1], n = output.shape[rank - 1];
  std::vector<size_t> expected_right(left.shape), expected_output(left.shape);
  expected_right[rank - 2] = op.transpose_b ? n : k;
  expected_right[rank - 1] = op.transpose_b ? k : n;
  expected_output[rank - 1] = n;
  if (right.shape != expected_right || output.shape != expected_output) {
    Fail("operands ", ShapeText(left.shape), " and ", ShapeText(right.shape), " do not lead to ",
         ShapeText(output.shape));
  }
  qnnp_batch_matrix_multiply_desc desc = QNNP_BATCH_MATRIX_MULTIPLY_DESC_INIT;
  desc.a_type = TypeOf(left);
  desc.a_scale = left.scales[0];
  desc.a_zero_point = left.zero_point;
  desc.b_type = TypeOf(right);
  desc.b_scale = right.scales[0];
  desc.b_zero_point = right.zero_point;
  desc.output_type = TypeOf(output);
  desc.output_scale = output.scales[0];
  desc.output_zero_point = output.zero_point;
  desc.transpose_b = op.transpose_b;
  Create(qnnp_create_batch_matrix_multiply, desc, &layer);
  layer.bind = [handle = layer.op.get(), count = b.batch() * left.elements / (m * k), m, k, n,
                b_stride = right.shape[rank - 1]](const void* const* in, void* out, size_t stride) {
    return qnnp_setup_batch_matrix_multiply(handle, count, m, k, n, in[0], k, in[1], b_stride, out,
                                            stride);
  };
  b.Add(std::move(layer));
}

}  // namespace classify
