// SPDX-License-Identifier: BSD-3-Clause
// One dimension of a deconvolution: output o gets input i through tap k where
//   o + before = i * stride + k * dilation.
// Taps first, first + step, ... (a class) meet the outputs with the same remainder of o + before
// modulo the stride; taken backwards they are a convolution with stride 1 and dilation `spacing`.
#pragma once

#include "base/common.h"

namespace qnnp {

struct DeconvolutionAxis {
  size_t kernel, stride, dilation, before;
  size_t step, spacing;  // of taps of a class; of the inputs that they meet

  DeconvolutionAxis(size_t kernel_size, size_t strides, size_t dilations, size_t padding)
      : kernel(kernel_size), stride(strides), dilation(dilations), before(padding) {
    size_t a = stride, b = dilation;
    while (b != 0) {
      const size_t rest = a % b;
      a = b;
      b = rest;
    }
    step = stride / a;
    spacing = dilation / a;
  }

  // Classes that have taps.
  size_t classes() const { return min(kernel, step); }
  size_t taps(size_t first) const { return ceil_div(kernel - first, step); }
  // The class of an output, or classes() where no tap reaches it.
  size_t class_of(size_t output) const {
    const size_t rest = (output + before) % stride;
    size_t first = 0;
    while (first < classes() && first * dilation % stride != rest) first++;
    return first;
  }
  // Input position of the first of the class's taps (taken backwards) for an output; negative before
  // the image.
  ptrdiff_t origin(size_t first, size_t output) const {
    const auto s = [](size_t value) { return static_cast<ptrdiff_t>(value); };
    return (s(output + before) - s(first * dilation)) / s(stride) - s((taps(first) - 1) * spacing);
  }
};

}  // namespace qnnp
