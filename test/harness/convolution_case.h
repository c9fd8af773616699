// SPDX-License-Identifier: BSD-3-Clause
// One convolution: its parameters, data between guard pages, and its result by definition, a loop
// over taps in 64-bit integers.
#pragma once

#include <qnnpack.h>

#include <memory>
#include <string>
#include <vector>

#include "harness/element_types.h"
#include "harness/guarded_buffer.h"
#include "harness/random.h"
#include "harness/requantize_reference.h"

namespace qnnp {
namespace test {

struct ConvolutionShape {
  size_t batch = 1, height = 5, width = 5;
  uint32_t top = 0, right = 0, bottom = 0, left = 0;
  uint32_t kernel_height = 1, kernel_width = 1;
  uint32_t stride_height = 1, stride_width = 1;
  uint32_t dilation_height = 1, dilation_width = 1;
  uint32_t groups = 1;
  size_t group_inputs = 1, group_outputs = 1;
  size_t extra_input_stride = 0, extra_output_stride = 0;

  size_t inputs() const { return groups * group_inputs; }
  size_t outputs() const { return groups * group_outputs; }
  size_t depth() const { return group_inputs * kernel_height * kernel_width; }
  size_t output_height() const {
    return (top + height + bottom - ((kernel_height - 1) * dilation_height + 1)) / stride_height +
           1;
  }
  size_t output_width() const {
    return (left + width + right - ((kernel_width - 1) * dilation_width + 1)) / stride_width + 1;
  }
  bool fits() const {
    return top + height + bottom > (kernel_height - 1) * dilation_height &&
           left + width + right > (kernel_width - 1) * dilation_width;
  }
  std::string text() const;
};

struct ConvolutionCase {
  ConvolutionShape shape;
  uint8_t input_zero_point, kernel_zero_point;
  Output output;
  ElementTypes types;
  float input_scale = 0.5f, output_scale;
  std::vector<float> kernel_scales;  // one per output channel
  bool has_bias;
  std::vector<uint8_t> kernel;
  std::vector<int32_t> bias;
  std::unique_ptr<GuardedRows> input;

  // Extremes are drawn often: zero points 0, 127, 128, 255, constant data, full and empty output
  // ranges.
  ConvolutionCase(const ConvolutionShape& shape, Random& random, Flush flush);
  // The same data as other types; before that, everything is uint8.
  void set_types(const ElementTypes& to);

  qnnp_convolution2d_desc desc() const;
  // Rows of bytes, whatever elements are.
  GuardedRows make_output(Flush flush) const;
  // What accumulators of a channel are multiplied by.
  float multiplier(size_t channel) const;
  // Elements of [batch][output_height][output_width][outputs].
  std::vector<uint8_t> reference() const;
  int64_t accumulate(size_t image, size_t y, size_t x, size_t channel) const;
  // body(pixel, input channel, w - kernel_zero_point) for all taps of an output inside the image.
  template <class Body>
  void for_each_tap(size_t image, size_t y, size_t x, size_t channel, const Body& body) const;
};

template <class Body>
void ConvolutionCase::for_each_tap(size_t image, size_t y, size_t x, size_t channel,
                                   const Body& body) const {
  const size_t first = channel / shape.group_outputs * shape.group_inputs;
  const uint8_t* weights = &kernel[channel * shape.depth()];
  for (uint32_t ky = 0; ky < shape.kernel_height; ky++) {
    for (uint32_t kx = 0; kx < shape.kernel_width; kx++, weights += shape.group_inputs) {
      const int64_t row =
          static_cast<int64_t>(y * shape.stride_height + ky * shape.dilation_height) - shape.top;
      const int64_t column =
          static_cast<int64_t>(x * shape.stride_width + kx * shape.dilation_width) - shape.left;
      if (row < 0 || column < 0 || row >= static_cast<int64_t>(shape.height) ||
          column >= static_cast<int64_t>(shape.width)) {
        continue;  // padding is the real value 0
      }
      const size_t pixel = (image * shape.height + static_cast<size_t>(row)) * shape.width +
                           static_cast<size_t>(column);
      for (size_t c = 0; c < shape.group_inputs; c++) {
        const uint8_t w = weights[c] ^ types.kernel_flip;
        body(pixel, first + c, w - kernel_zero_point);
      }
    }
  }
}

// Any convolution that a test can afford, within `most_macs`.
ConvolutionShape random_shape(Random& random, size_t most_macs);

std::vector<uint8_t> dense_bytes(const GuardedRows& rows);

}  // namespace test
}  // namespace qnnp
