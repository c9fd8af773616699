// SPDX-License-Identifier: BSD-3-Clause
// Convolution layers of real networks, from the tables of their papers, for 224 x 224 pictures
// (Xception: 299 x 299). Padding is "same" (before = total / 2, as TFLite has it) in all of them;
// the few layers that a paper does not pad keep its input size. The 1x1 layers on 1x1 images are
// those of squeeze and excite.
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
  uint32_t groups;
  int repeats = 1;  // how often the network has it

  bool depthwise() const { return groups > 1 && groups == inputs; }
  size_t output_size() const { return (size + stride - 1) / stride; }
  uint32_t padding() const {
    const size_t reach = (output_size() - 1) * stride + kernel;
    return static_cast<uint32_t>(reach > size ? reach - size : 0);
  }
  size_t taps() const { return size_t{kernel} * kernel * (inputs / groups); }
  double macs() const {
    return double(output_size()) * double(output_size()) * double(outputs) * double(taps());
  }
  std::string name() const;
};

struct Network {
  const char* name;
  std::vector<Layer> layers;  // each once
};

std::vector<Network> networks();

}  // namespace qnnp::bench
