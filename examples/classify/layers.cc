// SPDX-License-Identifier: BSD-3-Clause

#include "layers.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <utility>

#include "error.h"
#include "geometry.h"

namespace classify {
namespace {

constexpr int kNone = -1;

struct Range {
  uint8_t min, max;
};

// The bytes that a fused activation allows: real bounds in the output's own quantization.
Range OutputRange(const Tensor& output, Activation activation) {
  const auto quantize = [&output](float real) {
    const double q = output.zero_point + static_cast<double>(std::round(real / output.scales[0]));
    return static_cast<uint8_t>(std::clamp(q, 0.0, 255.0));
  };
  switch (activation) {
    case Activation::kRelu:
      return {quantize(0.0f), 255};
    case Activation::kReluN1To1:
      return {quantize(-1.0f), quantize(1.0f)};
    case Activation::kRelu6:
      return {quantize(0.0f), quantize(6.0f)};
    case Activation::kNone:
      break;
  }
  return {0, 255};
}

// A constant 8-bit tensor as unsigned data, see model.h.
std::vector<uint8_t> UnsignedBytes(const Tensor& tensor) {
  std::vector<uint8_t> bytes(tensor.data, tensor.data + tensor.elements);
  if (tensor.type == DataType::kInt8) {
    for (uint8_t& byte : bytes) byte ^= 0x80;
  }
  return bytes;
}

std::vector<int32_t> Int32s(const Tensor& tensor) {
  std::vector<int32_t> values(tensor.elements);
  std::memcpy(values.data(), tensor.data, values.size() * sizeof(int32_t));  // little-endian hosts
  return values;
}

// [height][width][channels * multiplier] to [channels][multiplier][height][width]: to the library a
// depthwise convolution has one group per input channel, with `multiplier` outputs each.
std::vector<uint8_t> ByGroup(const std::vector<uint8_t>& weights, size_t pixels, size_t outputs) {
  std::vector<uint8_t> result(weights.size());
  for (size_t pixel = 0; pixel < pixels; pixel++) {
    for (size_t channel = 0; channel < outputs; channel++) {
      result[channel * pixels + pixel] = weights[pixel * outputs + channel];
    }
  }
  return result;
}

class Builder {
 public:
  Builder(const Model& model, size_t batch) : model_(model), batch_(batch) {}

  std::vector<Layer> Build() {
    for (const Op& op : model_.ops) {
      try {
        BuildOne(op);
      } catch (const Error& error) {
        Fail(op.name, " of ", TensorName(model_, op.output), ": ", error.what());
      }
    }
    if (pads_.count(model_.output) != 0) Fail("a PAD computes the network's output");
    return std::move(layers_);
  }

 private:
  void BuildOne(const Op& op) {
    if (op.kind == OpKind::kPad) return FoldPad(op);
    Layer layer;
    layer.name = op.name;
    layer.inputs = {op.inputs[0]};
    layer.output = op.output;
    layer.shape = Concat(Hwc(At(op.inputs[0])), " -> ", Hwc(At(op.output)));
    const bool is_convolution =
        op.kind == OpKind::kConvolution || op.kind == OpKind::kDepthwiseConvolution;
    for (int input : op.inputs) {
      if (!is_convolution && pads_.count(input) != 0) {
        Fail("PAD is supported only in front of a convolution");
      }
    }
    switch (op.kind) {
      case OpKind::kConvolution:
      case OpKind::kDepthwiseConvolution:
        Convolution(op, &layer);
        break;
      case OpKind::kFullyConnected:
        FullyConnected(op, &layer);
        break;
      case OpKind::kAveragePool:
        AveragePool(op, &layer);
        break;
      case OpKind::kMean:
        Mean(op, &layer);
        break;
      case OpKind::kAdd:
        Add(op, &layer);
        break;
      case OpKind::kSoftmax:
        Softmax(op, &layer);
        break;
      case OpKind::kClamp:
        Clamp(op, &layer);
        break;
      case OpKind::kReshape:
      case OpKind::kQuantize:
        CheckAlias(op);
        break;
      case OpKind::kPad:
        break;
    }
    layers_.push_back(std::move(layer));
  }

  // ---- Convolution and fully connected

  // PAD writes the input's zero point around it, which is what a convolution's padding means.
  void FoldPad(const Op& op) {
    const Tensor &input = At(op.inputs[0]), &table = At(op.inputs[1]);
    if (pads_.count(op.inputs[0]) != 0) Fail("PAD after PAD is not supported");
    CheckAlias(op, /*same_size=*/false);
    if (table.type != DataType::kInt32 || table.elements != 8 || input.shape.size() != 4) {
      Fail("supported with an int32 4x2 table on four dimensions only");
    }
    const std::vector<int32_t> sizes = Int32s(table);
    for (size_t i = 0; i < 8; i++) {
      if (sizes[i] < 0 || ((i < 2 || i >= 6) && sizes[i] != 0)) {
        Fail("supported for height and width only, with sizes of 0 or more");
      }
      const size_t d = i / 2;
      if (At(op.output).shape.size() != 4 ||
          At(op.output).shape[d] != input.shape[d] + static_cast<size_t>(sizes[2 * d]) +
                                        static_cast<size_t>(sizes[2 * d + 1])) {
        Fail("the output's shape is ", ShapeText(At(op.output).shape));
      }
    }
    const auto size = [&sizes](size_t i) { return static_cast<uint32_t>(sizes[i]); };
    pads_[op.output] = {op.inputs[0], {size(2), size(3)}, {size(4), size(5)}};
  }

  void Convolution(const Op& op, Layer* layer) {
    const bool is_depthwise = op.kind == OpKind::kDepthwiseConvolution;
    const auto pad = pads_.find(op.inputs[0]);
    if (pad != pads_.end()) layer->inputs[0] = pad->second.source;
    const Tensor &input = At(layer->inputs[0]), &output = At(op.output),
                 &weights = At(op.inputs[1]);
    const ConvolutionGeometry g =
        PlanConvolution(op, input.shape, weights.shape, output.shape,
                        pad == pads_.end() ? Margins{} : pad->second.height,
                        pad == pads_.end() ? Margins{} : pad->second.width);
    CheckWeights(weights, is_depthwise ? 3 : 0);
    std::vector<uint8_t> kernel = UnsignedBytes(weights);
    if (is_depthwise) kernel = ByGroup(kernel, g.kernel_height * g.kernel_width, output.shape[3]);
    const std::vector<int32_t> bias = Bias(op, output.shape[3]);

    qnnp_convolution2d_desc desc = QNNP_CONVOLUTION2D_DESC_INIT;
    desc.input_padding_top = g.height.before;
    desc.input_padding_bottom = g.height.after;
    desc.input_padding_left = g.width.before;
    desc.input_padding_right = g.width.after;
    desc.kernel_height = g.kernel_height;
    desc.kernel_width = g.kernel_width;
    desc.subsampling_height = op.stride_height;
    desc.subsampling_width = op.stride_width;
    desc.dilation_height = op.dilation_height;
    desc.dilation_width = op.dilation_width;
    desc.groups = g.groups;
    desc.group_input_channels = g.group_input_channels;
    desc.group_output_channels = g.group_output_channels;
    FillCommon(op, input, weights, kernel, bias, &desc);
    const std::vector<float> scales = ScalePerChannel(weights, output.shape[3]);
    desc.kernel_scales = scales.data();
    Create(qnnp_create_convolution2d, &desc, layer);
    layer->shape = Concat(Hwc(input), " -> ", Hwc(output), " ",
                          WindowText(op, g.kernel_height, g.kernel_width));
    layer->bind = [handle = layer->op.get(), images = batch_ * input.shape[0], in = input.shape,
                   channels = output.shape[3]](const uint8_t* a, const uint8_t*, uint8_t* out) {
      return qnnp_setup_convolution2d_nhwc_q8(handle, images, in[1], in[2], a, in[3], out, channels,
                                              nullptr);
    };
  }

  void FullyConnected(const Op& op, Layer* layer) {
    const Tensor &input = At(op.inputs[0]), &output = At(op.output), &weights = At(op.inputs[1]);
    if (weights.shape.size() != 2) Fail("weights of shape ", ShapeText(weights.shape));
    const size_t outputs = weights.shape[0], inputs = weights.shape[1];
    const size_t rows = input.elements / inputs;
    if (rows * inputs != input.elements || rows * outputs != output.elements) {
      Fail("weights ", ShapeText(weights.shape), " do not lead from ", ShapeText(input.shape),
           " to ", ShapeText(output.shape));
    }
    CheckWeights(weights, 0);
    const std::vector<uint8_t> kernel = UnsignedBytes(weights);
    const std::vector<int32_t> bias = Bias(op, outputs);
    qnnp_fully_connected_desc desc = QNNP_FULLY_CONNECTED_DESC_INIT;
    desc.input_channels = inputs;
    desc.output_channels = outputs;
    FillCommon(op, input, weights, kernel, bias, &desc);
    const std::vector<float> scales = ScalePerChannel(weights, outputs);
    desc.kernel_scales = scales.data();
    Create(qnnp_create_fully_connected, &desc, layer);
    layer->shape = Concat(inputs, " -> ", outputs);
    layer->bind = [handle = layer->op.get(), rows = batch_ * rows, inputs, outputs](
                      const uint8_t* a, const uint8_t*, uint8_t* out) {
      return qnnp_setup_fully_connected_nc_q8(handle, rows, a, inputs, out, outputs);
    };
  }

  // The fields that both description structs have. `kernel` and `bias` outlive the create call.
  template <class Desc>
  void FillCommon(const Op& op, const Tensor& input, const Tensor& weights,
                  const std::vector<uint8_t>& kernel, const std::vector<int32_t>& bias,
                  Desc* desc) {
    const Tensor& output = At(op.output);
    const Range range = OutputRange(output, op.activation);
    desc->input_scale = input.scales[0];
    desc->input_zero_point = input.zero_point;
    desc->kernel_zero_point = weights.zero_point;
    desc->kernel = kernel.data();
    desc->bias = bias.empty() ? nullptr : bias.data();
    desc->output_scale = output.scales[0];
    desc->output_zero_point = output.zero_point;
    desc->output_min = range.min;
    desc->output_max = range.max;
  }

  template <class Desc>
  static void Create(qnnp_status (*create)(const Desc*, qnnp_operator_t*), const Desc* desc,
                     Layer* layer) {
    qnnp_operator_t op = nullptr;
    Check(create(desc, &op));
    layer->op.reset(op);
  }

  static void CheckWeights(const Tensor& weights, size_t dimension) {
    if (weights.type != DataType::kUint8 && weights.type != DataType::kInt8) {
      Fail("weights of type ", weights.type_name, " are not supported");
    }
    if (weights.scales.empty()) Fail("the weights have no quantization");
    if (weights.scales.size() > 1 && weights.quantized_dimension != dimension) {
      Fail("the weights' scales go along dimension ", weights.quantized_dimension, ", not ",
           dimension);
    }
  }

  static std::vector<float> ScalePerChannel(const Tensor& weights, size_t channels) {
    if (weights.scales.size() > 1) return weights.scales;
    return std::vector<float>(channels, weights.scales[0]);
  }

  // Empty: none. TFLite's own rule for its scale: input scale times weights' scale, up to a
  // fiftieth of the output's.
  std::vector<int32_t> Bias(const Op& op, size_t channels) const {
    if (op.inputs.size() < 3 || op.inputs[2] == kNone) return {};
    const Tensor& bias = At(op.inputs[2]);
    if (bias.type != DataType::kInt32 || bias.elements != channels) {
      Fail("the bias is ", bias.type_name, " ", ShapeText(bias.shape), ", not INT32 ", channels);
    }
    const Tensor& weights = At(op.inputs[1]);
    for (size_t i = 0; i < bias.scales.size(); i++) {
      const double kernel_scale = weights.scales[weights.scales.size() == 1 ? 0 : i];
      const double expected = kernel_scale * At(op.inputs[0]).scales[0];
      if (std::abs(bias.scales[i] - expected) > 0.02 * At(op.output).scales[0]) {
        Fail("the bias's scale is ", bias.scales[i], ", not input scale times weights' scale, ",
             expected);
      }
    }
    return Int32s(bias);
  }

  // ---- Pooling

  void AveragePool(const Op& op, Layer* layer) {
    const Tensor &input = At(op.inputs[0]), &output = At(op.output);
    CheckPool(op, input.shape, output.shape);
    layer->shape += Concat(" ", WindowText(op, op.window_height, op.window_width));
    const Range range = OutputRange(output, op.activation);
    const size_t channels = input.shape[3];
    if (output.shape[1] == 1 && output.shape[2] == 1 && op.window_height == input.shape[1] &&
        op.window_width == input.shape[2]) {
      return GlobalPool(op, range, layer);
    }
    qnnp_operator_t handle = nullptr;
    Check(qnnp_create_average_pooling2d_nhwc_q8(
        0, 0, 0, 0, op.window_height, op.window_width, op.stride_height, op.stride_width, channels,
        input.zero_point, input.scales[0], output.zero_point, output.scales[0], range.min,
        range.max, 0, &handle));
    layer->op.reset(handle);
    layer->bind = [handle, images = batch_ * input.shape[0], in = input.shape](
                      const uint8_t* a, const uint8_t*, uint8_t* out) {
      return qnnp_setup_average_pooling2d_nhwc_q8(handle, images, in[1], in[2], a, in[3], out,
                                                  in[3], nullptr);
    };
  }

  void Mean(const Op& op, Layer* layer) {
    const Tensor &input = At(op.inputs[0]), &output = At(op.output), &axes = At(op.inputs[1]);
    if (input.shape.size() != 4 || axes.type != DataType::kInt32 || axes.elements != 2) {
      Fail("supported over height and width of four dimensions only");
    }
    std::vector<int32_t> dimensions = Int32s(axes);
    for (int32_t& dimension : dimensions) {
      if (dimension < 0 && dimension >= -4) dimension += 4;
    }
    std::sort(dimensions.begin(), dimensions.end());
    if (dimensions[0] != 1 || dimensions[1] != 2) Fail("supported over height and width only");
    if (output.elements != input.shape[0] * input.shape[3]) {
      Fail("a mean of ", ShapeText(input.shape), " does not have shape ", ShapeText(output.shape));
    }
    GlobalPool(op, {0, 255}, layer);
  }

  void GlobalPool(const Op& op, Range range, Layer* layer) {
    const Tensor &input = At(op.inputs[0]), &output = At(op.output);
    qnnp_operator_t handle = nullptr;
    Check(qnnp_create_global_average_pooling_nwc_q8(
        input.shape[3], input.zero_point, input.scales[0], output.zero_point, output.scales[0],
        range.min, range.max, 0, &handle));
    layer->op.reset(handle);
    layer->bind = [handle, images = batch_ * input.shape[0], in = input.shape](
                      const uint8_t* a, const uint8_t*, uint8_t* out) {
      return qnnp_setup_global_average_pooling_nwc_q8(handle, images, in[1] * in[2], a, in[3], out,
                                                      in[3]);
    };
  }

  // ---- Elementwise, softmax, and what costs nothing

  void Add(const Op& op, Layer* layer) {
    const Tensor &a = At(op.inputs[0]), &b = At(op.inputs[1]), &sum = At(op.output);
    if (a.shape != b.shape || a.shape != sum.shape) {
      Fail("shapes ", ShapeText(a.shape), " + ", ShapeText(b.shape), " = ", ShapeText(sum.shape),
           " differ, which is not supported");
    }
    const Range range = OutputRange(sum, op.activation);
    const size_t channels = a.shape.empty() ? 1 : a.shape.back();
    qnnp_operator_t handle = nullptr;
    Check(qnnp_create_add_nc_q8(channels, a.zero_point, a.scales[0], b.zero_point, b.scales[0],
                                sum.zero_point, sum.scales[0], range.min, range.max, 0, &handle));
    layer->op.reset(handle);
    layer->inputs = op.inputs;
    layer->bind = [handle, rows = batch_ * a.elements / channels, channels](
                      const uint8_t* pa, const uint8_t* pb, uint8_t* out) {
      return qnnp_setup_add_nc_q8(handle, rows, pa, channels, pb, channels, out, channels);
    };
  }

  void Softmax(const Op& op, Layer* layer) {
    const Tensor &input = At(op.inputs[0]), &output = At(op.output);
    if (input.shape != output.shape || input.shape.empty()) {
      Fail("shapes ", ShapeText(input.shape), " and ", ShapeText(output.shape), " differ");
    }
    const size_t channels = input.shape.back();
    qnnp_operator_t handle = nullptr;
    Check(qnnp_create_softargmax_nc_q8(channels, input.scales[0] * op.beta, output.zero_point,
                                       output.scales[0], 0, &handle));
    layer->op.reset(handle);
    layer->bind = [handle, rows = batch_ * input.elements / channels, channels](
                      const uint8_t* a, const uint8_t*, uint8_t* out) {
      return qnnp_setup_softargmax_nc_q8(handle, rows, a, channels, out, channels);
    };
  }

  void Clamp(const Op& op, Layer* layer) {
    CheckAlias(op);
    const Tensor& input = At(op.inputs[0]);
    const Range range = OutputRange(At(op.output), op.activation);
    const size_t channels = input.shape.empty() ? 1 : input.shape.back();
    qnnp_operator_t handle = nullptr;
    Check(qnnp_create_clamp_nc_u8(channels, range.min, range.max, 0, &handle));
    layer->op.reset(handle);
    layer->bind = [handle, rows = batch_ * input.elements / channels, channels](
                      const uint8_t* a, const uint8_t*, uint8_t* out) {
      return qnnp_setup_clamp_nc_u8(handle, rows, a, channels, out, channels);
    };
  }

  // The output's bytes mean what the input's mean. Holds for a QUANTIZE between int8 and uint8 that
  // only moves the zero point by 128: as unsigned data the two are the same bytes.
  void CheckAlias(const Op& op, bool same_size = true) const {
    const Tensor &input = At(op.inputs[0]), &output = At(op.output);
    if (same_size && input.elements != output.elements) {
      Fail("shapes ", ShapeText(input.shape), " and ", ShapeText(output.shape), " differ in size");
    }
    if (input.scales[0] != output.scales[0] || input.zero_point != output.zero_point) {
      Fail("input and output differ in scale or zero point, which is not supported");
    }
  }

  // "56x56x64": without the batch.
  static std::string Hwc(const Tensor& tensor) {
    const bool has_batch = tensor.shape.size() > 1 && tensor.shape[0] == 1;
    return ShapeText({tensor.shape.begin() + (has_batch ? 1 : 0), tensor.shape.end()});
  }

  static void Check(qnnp_status status) {
    if (status != qnnp_status_success) Fail(qnnp_get_last_error());
  }

  const Tensor& At(int index) const { return model_.tensors[static_cast<size_t>(index)]; }

  struct Pad {
    int source;
    Margins height, width;
  };

  const Model& model_;
  const size_t batch_;
  std::map<int, Pad> pads_;  // by the tensor that PAD would compute
  std::vector<Layer> layers_;
};

}  // namespace

std::vector<Layer> BuildLayers(const Model& model, size_t batch) {
  return Builder(model, batch).Build();
}

}  // namespace classify
