// SPDX-License-Identifier: BSD-3-Clause
//
// Shapes of convolutions and poolings: TFLite's padding rule, and the check that a file's tensors
// agree with it. Knows nothing of the library; the builders in layers_*.cc stand
// above.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "model.h"

namespace classify {

// Rows, or columns, of padding before and after the data.
struct Margins {
  uint32_t before = 0, after = 0;
};

struct ConvolutionGeometry {
  Margins height, width;
  uint32_t kernel_height, kernel_width;
  uint32_t groups;
  size_t group_input_channels, group_output_channels;
};

// Shapes as in the file: pictures NHWC; weights OHWI, or 1HWO for a depthwise convolution. What a
// folded PAD adds comes on top of the operator's own padding. Throws Error.
ConvolutionGeometry PlanConvolution(const Op& op, const std::vector<size_t>& input,
                                    const std::vector<size_t>& weights,
                                    const std::vector<size_t>& output, Margins extra_height,
                                    Margins extra_width);

struct WindowMargins {
  Margins height, width;
};

// Padding of a pooling. Throws Error.
WindowMargins PlanPool(const Op& op, const std::vector<size_t>& input,
                       const std::vector<size_t>& output);

// "3x3/2": the window, and what of stride and dilation is not 1.
std::string WindowText(const Op& op, uint32_t height, uint32_t width);

}  // namespace classify
