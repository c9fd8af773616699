// SPDX-License-Identifier: BSD-3-Clause
// Convolution layers of real networks, from the tables of their papers; "same" padding (before =
// total / 2, as TFLite has it).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace qnnp::bench {

struct Layer {
  size_t size;  // input height and width
  size_t inputs, outputs;
  uint32_t kernel, stride;
  bool depthwise;
  int repeats = 1;  // how often the network has it

  size_t output_size() const { return (size + stride - 1) / stride; }
  uint32_t padding() const {
    const size_t reach = (output_size() - 1) * stride + kernel;
    return static_cast<uint32_t>(reach > size ? reach - size : 0);
  }
  double macs() const {
    const double taps = double(kernel) * kernel * double(depthwise ? 1 : inputs);
    return double(output_size()) * double(output_size()) * double(outputs) * taps;
  }
  std::string name() const;
};

std::vector<Layer> mobilenet_v1();  // Howard et al. 2017, 1.0, 224
std::vector<Layer> mobilenet_v2();  // Sandler et al. 2018, 1.0, 224
std::vector<Layer> resnet50_3x3();  // He et al. 2015, the 3x3 layers

}  // namespace qnnp::bench
