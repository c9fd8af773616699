// SPDX-License-Identifier: BSD-3-Clause

#include "geometry.h"

#include <limits>

#include "error.h"

namespace classify {
namespace {

// One direction of a window that slides over data.
struct Slide {
  uint64_t input;  // rows, with what a PAD adds
  uint64_t kernel, stride, dilation;
};

// The padding of one direction; `output` is how many positions the file says there are.
Margins PlanDirection(const Slide& slide, Padding padding, uint64_t output) {
  const uint64_t extent = (slide.kernel - 1) * slide.dilation + 1;
  uint64_t positions = 0, total = 0;
  if (padding == Padding::kSame) {
    positions = (slide.input + slide.stride - 1) / slide.stride;
    const uint64_t needed = (positions - 1) * slide.stride + extent;
    if (needed > slide.input) total = needed - slide.input;
  } else {
    if (extent > slide.input) {
      Fail("a window of ", extent, " is larger than its input of ", slide.input);
    }
    positions = (slide.input - extent) / slide.stride + 1;
  }
  if (positions != output) {
    Fail("an input of ", slide.input, " gives ", positions, " positions of the window, not ",
         output);
  }
  if (total > std::numeric_limits<uint32_t>::max()) Fail("the padding is too large: ", total);
  const auto before = static_cast<uint32_t>(total / 2);
  return {before, static_cast<uint32_t>(total - before)};
}

void CheckFourDimensions(const std::vector<size_t>& shape, const char* what) {
  if (shape.size() != 4) Fail(what, " of shape ", ShapeText(shape), ", not four dimensions");
}

Margins Sum(Margins a, Margins b) {
  const uint64_t before = uint64_t{a.before} + b.before, after = uint64_t{a.after} + b.after;
  if (before + after > std::numeric_limits<uint32_t>::max()) Fail("the padding is too large");
  return {static_cast<uint32_t>(before), static_cast<uint32_t>(after)};
}

// Groups and channels out of the shapes of weights and data.
ConvolutionGeometry PlanChannels(const Op& op, const std::vector<size_t>& weights, size_t inputs,
                                 size_t outputs) {
  ConvolutionGeometry g = {};
  const bool is_depthwise = op.kind == OpKind::DEPTHWISE_CONV_2D;
  const size_t kernel_inputs = is_depthwise ? weights[0] : weights[3];
  const size_t kernel_outputs = is_depthwise ? weights[3] : weights[0];
  const size_t groups = is_depthwise ? inputs : inputs / kernel_inputs;
  if (kernel_outputs != outputs || groups == 0 || groups * kernel_inputs != inputs ||
      outputs % groups != 0) {
    Fail("weights ", ShapeText(weights), " do not lead from ", inputs, " to ", outputs,
         " channels");
  }
  g.groups = static_cast<uint32_t>(groups);  // below 2^30, as every tensor's number of elements
  g.group_input_channels = kernel_inputs;
  g.group_output_channels = outputs / groups;
  g.kernel_height = static_cast<uint32_t>(weights[1]);
  g.kernel_width = static_cast<uint32_t>(weights[2]);
  return g;
}

}  // namespace

ConvolutionGeometry PlanConvolution(const Op& op, const std::vector<size_t>& input,
                                    const std::vector<size_t>& weights,
                                    const std::vector<size_t>& output, Margins extra_height,
                                    Margins extra_width) {
  CheckFourDimensions(input, "input");
  CheckFourDimensions(weights, "weights");
  CheckFourDimensions(output, "output");
  if (input[0] != output[0]) Fail("batches of ", input[0], " and ", output[0], " differ");
  ConvolutionGeometry g = PlanChannels(op, weights, input[3], output[3]);
  const uint64_t rows = uint64_t{input[1]} + extra_height.before + extra_height.after;
  const uint64_t columns = uint64_t{input[2]} + extra_width.before + extra_width.after;
  g.height =
      Sum(extra_height, PlanDirection({rows, g.kernel_height, op.stride_height, op.dilation_height},
                                      op.padding, output[1]));
  g.width =
      Sum(extra_width, PlanDirection({columns, g.kernel_width, op.stride_width, op.dilation_width},
                                     op.padding, output[2]));
  return g;
}

WindowMargins PlanPool(const Op& op, const std::vector<size_t>& input,
                       const std::vector<size_t>& output) {
  CheckFourDimensions(input, "input");
  CheckFourDimensions(output, "output");
  if (input[0] != output[0] || input[3] != output[3]) {
    Fail("shapes ", ShapeText(input), " and ", ShapeText(output), " do not fit together");
  }
  return {PlanDirection({input[1], op.window_height, op.stride_height, 1}, op.padding, output[1]),
          PlanDirection({input[2], op.window_width, op.stride_width, 1}, op.padding, output[2])};
}

std::string WindowText(const Op& op, uint32_t height, uint32_t width) {
  std::string text = Concat(height, "x", width);
  if (op.stride_height != 1 || op.stride_width != 1) {
    text += Concat("/", op.stride_height);
    if (op.stride_width != op.stride_height) text += Concat("x", op.stride_width);
  }
  if (op.dilation_height != 1 || op.dilation_width != 1) {
    text += Concat(" d", op.dilation_height);
    if (op.dilation_width != op.dilation_height) text += Concat("x", op.dilation_width);
  }
  return text;
}

}  // namespace classify
