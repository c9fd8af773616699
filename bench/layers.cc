// SPDX-License-Identifier: BSD-3-Clause
#include "layers.h"

namespace qnnp::bench {

std::string Layer::name() const {
  const std::string k = std::to_string(kernel);
  return (depthwise ? "dw" : "") + k + "x" + k + "s" + std::to_string(stride) + "/" +
         std::to_string(size) + "x" + std::to_string(size) + "x" + std::to_string(inputs) +
         (depthwise ? "" : "->" + std::to_string(outputs));
}

std::vector<Layer> mobilenet_v1() {
  std::vector<Layer> layers = {{224, 3, 32, 3, 2, false}};
  struct Block {
    size_t outputs;
    uint32_t stride;
  };
  constexpr Block kBlocks[] = {{64, 1},  {128, 2},  {128, 1}, {256, 2}, {256, 1},
                               {512, 2}, {512, 1},  {512, 1}, {512, 1}, {512, 1},
                               {512, 1}, {1024, 2}, {1024, 1}};
  size_t size = 112, channels = 32;
  for (const Block& block : kBlocks) {
    layers.push_back({size, channels, channels, 3, block.stride, true});
    size /= block.stride;
    layers.push_back({size, channels, block.outputs, 1, 1, false});
    channels = block.outputs;
  }
  return layers;
}

std::vector<Layer> mobilenet_v2() {
  std::vector<Layer> layers = {{224, 3, 32, 3, 2, false}};
  struct Stage {
    size_t expansion, outputs;
    int repeats;
    uint32_t stride;
  };
  constexpr Stage kStages[] = {{1, 16, 1, 1}, {6, 24, 2, 2},  {6, 32, 3, 2}, {6, 64, 4, 2},
                               {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}};
  size_t size = 112, channels = 32;
  for (const Stage& stage : kStages) {
    for (int i = 0; i < stage.repeats; i++) {
      const uint32_t stride = i == 0 ? stage.stride : 1;
      const size_t expanded = channels * stage.expansion;
      if (stage.expansion != 1) layers.push_back({size, channels, expanded, 1, 1, false});
      layers.push_back({size, expanded, expanded, 3, stride, true});
      size /= stride;
      layers.push_back({size, expanded, stage.outputs, 1, 1, false});
      channels = stage.outputs;
    }
  }
  layers.push_back({size, channels, 1280, 1, 1, false});
  return layers;
}

std::vector<Layer> resnet50_3x3() {
  // The first 3x3 of a stage halves the image (the variant that most frameworks ship).
  return {{56, 64, 64, 3, 1, false, 3},   {56, 128, 128, 3, 2, false},
          {28, 128, 128, 3, 1, false, 3}, {28, 256, 256, 3, 2, false},
          {14, 256, 256, 3, 1, false, 5}, {14, 512, 512, 3, 2, false},
          {7, 512, 512, 3, 1, false, 2}};
}

}  // namespace qnnp::bench
