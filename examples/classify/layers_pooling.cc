// SPDX-License-Identifier: BSD-3-Clause
//
// Builders of what makes one value of many: pooling, reductions, the index of the largest.

#include <algorithm>

#include "builder.h"

namespace classify {
namespace {

// The fields that poolings and reductions have in common.
template <class Desc>
void FillReduction(const Op& op, const Tensor& input, const Tensor& output, Desc* desc) {
  const bool is_max = op.kind == OpKind::MAX_POOL_2D || op.kind == OpKind::REDUCE_MAX;
  if (is_max) NeedEqualQuantization(input, output);
  if (input.type != output.type) Fail("input and output differ in type");
  const Range range = OutputRange(output, op.activation);
  desc->operation = is_max ? qnnp_reduction_max : qnnp_reduction_mean;
  desc->type = TypeOf(input);
  desc->input_scale = input.scales[0];
  desc->input_zero_point = input.zero_point;
  desc->output_scale = output.scales[0];
  desc->output_zero_point = output.zero_point;
  desc->output_min = range.min;
  desc->output_max = range.max;
}

// Over height and width of a whole NHWC image.
void AddGlobalPool(Builder& b, const Op& op, Layer layer) {
  const Tensor& input = b.At(op.inputs[0]);
  qnnp_global_pooling_desc desc = QNNP_GLOBAL_POOLING_DESC_INIT;
  FillReduction(op, input, b.At(op.output()), &desc);
  desc.channels = input.shape[3];
  Create(qnnp_create_global_pooling, desc, &layer);
  layer.output_stride = input.shape[3];
  layer.bind = [handle = layer.op.get(), images = b.batch() * input.shape[0], in = input.shape](
                   const void* const* from, void* out, size_t stride) {
    return qnnp_setup_global_pooling(handle, images, in[1] * in[2], from[0], in[3], out, stride);
  };
  b.Add(std::move(layer));
}

// A window of one pixel only limits values and gives them another quantization.
void AddPixelPool(Builder& b, const Op& op, Layer layer) {
  const Tensor &input = b.At(op.inputs[0]), &output = b.At(op.output());
  const Range range = OutputRange(output, op.activation);
  qnnp_requantize_desc desc = QNNP_REQUANTIZE_DESC_INIT;
  desc.channels = Channels(input);
  desc.input_type = TypeOf(input);
  desc.input_scale = input.scales[0];
  desc.input_zero_point = input.zero_point;
  desc.output_type = TypeOf(output);
  desc.output_scale = output.scales[0];
  desc.output_zero_point = output.zero_point;
  desc.output_min = range.min;
  desc.output_max = range.max;
  Create(qnnp_create_requantize, desc, &layer);
  b.AddRows(qnnp_setup_requantize, std::move(layer));
}

}  // namespace

void BuildPool(Builder& b, const Op& op) {
  const Tensor &input = b.At(op.inputs[0]), &output = b.At(op.output());
  const WindowMargins margins = PlanPool(op, input.shape, output.shape);
  Layer layer = b.Start(op, op.inputs);
  layer.shape += Concat(" ", WindowText(op, op.window_height, op.window_width));
  if (output.shape[1] == 1 && output.shape[2] == 1 && op.window_height == input.shape[1] &&
      op.window_width == input.shape[2]) {
    return AddGlobalPool(b, op, std::move(layer));
  }
  if (op.window_height == 1 && op.window_width == 1 && input.shape == output.shape) {
    return AddPixelPool(b, op, std::move(layer));
  }
  qnnp_pooling2d_desc desc = QNNP_POOLING2D_DESC_INIT;
  FillReduction(op, input, output, &desc);
  desc.channels = input.shape[3];
  desc.input_padding_top = margins.height.before;
  desc.input_padding_bottom = margins.height.after;
  desc.input_padding_left = margins.width.before;
  desc.input_padding_right = margins.width.after;
  desc.pooling_height = op.window_height;
  desc.pooling_width = op.window_width;
  desc.stride_height = op.stride_height;
  desc.stride_width = op.stride_width;
  desc.exclude_padding = true;
  Create(qnnp_create_pooling2d, desc, &layer);
  layer.bind = [handle = layer.op.get(), images = b.batch() * input.shape[0], in = input.shape](
                   const void* const* from, void* out, size_t stride) {
    return qnnp_setup_pooling2d(handle, images, in[1], in[2], from[0], in[3], out, stride);
  };
  b.Add(std::move(layer));
}

void BuildReduce(Builder& b, const Op& op) {
  const Tensor &input = b.At(op.inputs[0]), &output = b.At(op.output());
  uint32_t axes = 0;
  std::vector<size_t> kept = input.shape;
  if (input.shape.size() > 5) Fail("an input of ", input.shape.size(), " dimensions, more than 5");
  for (int32_t axis : Int32s(b.At(op.inputs[1]))) {
    const size_t dimension = Dimension(axis, input);
    axes |= 1u << dimension;
    kept[dimension] = 1;
  }
  if (axes == 0) Fail("no dimension is reduced");
  if (output.elements != Product(kept, 0, kept.size())) {
    Fail(ShapeText(input.shape), " reduced does not have shape ", ShapeText(output.shape));
  }
  Layer layer = b.Start(op, {op.inputs[0]});
  if (axes == 6 && input.shape.size() == 4) return AddGlobalPool(b, op, std::move(layer));
  qnnp_reduce_desc desc = QNNP_REDUCE_DESC_INIT;
  FillReduction(op, input, output, &desc);
  desc.axes = axes << 1;  // in front of all: the inputs that are computed at once
  Create(qnnp_create_reduce, desc, &layer);
  layer.output_stride = 0;
  std::vector<size_t> sizes = input.shape;
  sizes.insert(sizes.begin(), b.batch());
  layer.bind = [handle = layer.op.get(), sizes](const void* const* in, void* out, size_t) {
    return qnnp_setup_reduce(handle, sizes.size(), sizes.data(), in[0], out);
  };
  b.Add(std::move(layer));
}

void BuildArgMax(Builder& b, const Op& op) {
  const Tensor &input = b.At(op.inputs[0]), &output = b.At(op.output());
  const std::vector<int32_t> axis = Int32s(b.At(op.inputs[1]));
  if (axis.size() != 1) Fail(axis.size(), " dimensions, not one");
  if (Dimension(axis[0], input) + 1 != input.shape.size()) {
    Fail("supported along the last dimension only");
  }
  const size_t channels = Channels(input), rows = input.elements / channels;
  if (output.elements != rows) Fail(output.elements, " indices for ", rows, " rows");
  qnnp_argmax_desc desc = QNNP_ARGMAX_DESC_INIT;
  desc.input_type = TypeOf(input);
  desc.output_type = TypeOf(output);
  desc.channels = channels;
  Layer layer = b.Start(op, {op.inputs[0]});
  layer.output_stride = 0;
  Create(qnnp_create_argmax, desc, &layer);
  layer.bind = [handle = layer.op.get(), rows = b.batch() * rows, channels](const void* const* in,
                                                                            void* out, size_t) {
    return qnnp_setup_argmax(handle, rows, in[0], channels, out, 1);
  };
  b.Add(std::move(layer));
}

}  // namespace classify
