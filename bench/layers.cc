// SPDX-License-Identifier: BSD-3-Clause
#include "layers.h"

namespace qnnp::bench {
namespace {

// Appends layer after layer; equal ones are counted.
class Builder {
 public:
  Builder(size_t size, size_t channels) : size_(size), channels_(channels) {}

  Builder& conv(size_t outputs, uint32_t kernel, uint32_t stride = 1, size_t groups = 1) {
    const Layer layer = {size_, channels_, outputs, kernel, stride, static_cast<uint32_t>(groups)};
    size_ = layer.output_size();
    channels_ = outputs;
    for (Layer& other : layers_) {
      if (other.name() == layer.name()) {
        other.repeats++;
        return *this;
      }
    }
    layers_.push_back(layer);
    return *this;
  }
  Builder& depthwise(uint32_t kernel, uint32_t stride = 1) {
    return conv(channels_, kernel, stride, channels_);
  }
  Builder& separable(size_t outputs) { return depthwise(3).conv(outputs, 1); }
  // What other operators leave.
  Builder& at(size_t size, size_t channels) {
    size_ = size;
    channels_ = channels;
    return *this;
  }
  size_t size() const { return size_; }
  size_t channels() const { return channels_; }
  std::vector<Layer> layers() const { return layers_; }

 private:
  size_t size_, channels_;
  std::vector<Layer> layers_;
};

struct Stage {
  size_t expansion, outputs;
  int repeats;
  uint32_t stride;
};

// Howard et al. 2017.
std::vector<Layer> mobilenet_v1() {
  Builder net(224, 3);
  net.conv(32, 3, 2);
  constexpr Stage kStages[] = {{1, 64, 1, 1},  {1, 128, 1, 2},  {1, 128, 1, 1},
                               {1, 256, 1, 2}, {1, 256, 1, 1},  {1, 512, 1, 2},
                               {1, 512, 5, 1}, {1, 1024, 1, 2}, {1, 1024, 1, 1}};
  for (const Stage& stage : kStages) {
    for (int i = 0; i < stage.repeats; i++) net.depthwise(3, stage.stride).conv(stage.outputs, 1);
  }
  return net.layers();
}

// Sandler et al. 2018.
std::vector<Layer> mobilenet_v2() {
  Builder net(224, 3);
  net.conv(32, 3, 2);
  constexpr Stage kStages[] = {{1, 16, 1, 1}, {6, 24, 2, 2},  {6, 32, 3, 2}, {6, 64, 4, 2},
                               {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}};
  for (const Stage& stage : kStages) {
    for (int i = 0; i < stage.repeats; i++) {
      if (stage.expansion != 1) net.conv(net.channels() * stage.expansion, 1);
      net.depthwise(3, i == 0 ? stage.stride : 1).conv(stage.outputs, 1);
    }
  }
  return net.conv(1280, 1).layers();
}

// Howard et al. 2019, large; squeezed to a quarter of the channels in multiples of 8.
std::vector<Layer> mobilenet_v3() {
  struct Block {
    uint32_t kernel;
    size_t expanded, outputs, squeezed;
    uint32_t stride;
  };
  constexpr Block kBlocks[] = {{3, 16, 16, 0, 1},     {3, 64, 24, 0, 2},     {3, 72, 24, 0, 1},
                               {5, 72, 40, 24, 2},    {5, 120, 40, 32, 1},   {5, 120, 40, 32, 1},
                               {3, 240, 80, 0, 2},    {3, 200, 80, 0, 1},    {3, 184, 80, 0, 1},
                               {3, 184, 80, 0, 1},    {3, 480, 112, 120, 1}, {3, 672, 112, 168, 1},
                               {5, 672, 160, 168, 2}, {5, 960, 160, 240, 1}, {5, 960, 160, 240, 1}};
  Builder net(224, 3);
  net.conv(16, 3, 2);
  for (const Block& block : kBlocks) {
    if (block.expanded != net.channels()) net.conv(block.expanded, 1);
    net.depthwise(block.kernel, block.stride);
    const size_t size = net.size();
    if (block.squeezed != 0) {
      net.at(1, block.expanded).conv(block.squeezed, 1).conv(block.expanded, 1);
    }
    net.at(size, block.expanded).conv(block.outputs, 1);
  }
  return net.conv(960, 1).at(1, 960).conv(1280, 1).layers();
}

// Zhang et al. 2017, 3 groups. Pooled inputs are concatenated where an image is halved.
std::vector<Layer> shufflenet_v1() {
  constexpr size_t kGroups = 3;
  constexpr Stage kStages[] = {{0, 240, 4, 2}, {0, 480, 8, 2}, {0, 960, 4, 2}};
  Builder net(224, 3);
  net.conv(24, 3, 2).at(56, 24);
  for (const Stage& stage : kStages) {
    for (int i = 0; i < stage.repeats; i++) {
      const size_t inputs = net.channels();
      net.conv(stage.outputs / 4, 1, 1, inputs == 24 ? 1 : kGroups).depthwise(3, i == 0 ? 2 : 1);
      net.conv(i == 0 ? stage.outputs - inputs : stage.outputs, 1, 1, kGroups);
      net.at(net.size(), stage.outputs);
    }
  }
  return net.layers();
}

// Ma et al. 2018, 1.0. Half of the channels pass by; where an image is halved both halves are
// computed.
std::vector<Layer> shufflenet_v2() {
  constexpr Stage kStages[] = {{0, 116, 4, 2}, {0, 232, 8, 2}, {0, 464, 4, 2}};
  Builder net(224, 3);
  net.conv(24, 3, 2).at(56, 24);
  for (const Stage& stage : kStages) {
    const size_t size = net.size(), inputs = net.channels(), half = stage.outputs / 2;
    net.depthwise(3, 2).conv(half, 1);
    net.at(size, inputs).conv(half, 1).depthwise(3, 2).conv(half, 1);
    for (int i = 1; i < stage.repeats; i++) net.conv(half, 1).depthwise(3).conv(half, 1);
    net.at(net.size(), stage.outputs);
  }
  return net.conv(1024, 1).layers();
}

// Iandola et al. 2016, version 1.1.
std::vector<Layer> squeezenet() {
  struct Fire {
    size_t size, squeezed, expanded;
  };
  constexpr Fire kFires[] = {{55, 16, 64},  {55, 16, 64},  {27, 32, 128}, {27, 32, 128},
                             {13, 48, 192}, {13, 48, 192}, {13, 64, 256}, {13, 64, 256}};
  Builder net(224, 3);
  net.conv(64, 3, 2);
  for (const Fire& fire : kFires) {
    net.at(fire.size, net.channels()).conv(fire.squeezed, 1).conv(fire.expanded, 1);
    net.at(fire.size, fire.squeezed).conv(fire.expanded, 3).at(fire.size, 2 * fire.expanded);
  }
  return net.conv(1000, 1).layers();
}

// He et al. 2015; the 3x3 halves the image (the variant that most frameworks ship).
std::vector<Layer> resnet50() {
  constexpr Stage kStages[] = {{0, 256, 3, 1}, {0, 512, 4, 2}, {0, 1024, 6, 2}, {0, 2048, 3, 2}};
  Builder net(224, 3);
  net.conv(64, 7, 2).at(56, 64);
  for (const Stage& stage : kStages) {
    for (int i = 0; i < stage.repeats; i++) {
      const size_t size = net.size(), inputs = net.channels(), inner = stage.outputs / 4;
      const uint32_t stride = i == 0 ? stage.stride : 1;
      if (i == 0) net.conv(stage.outputs, 1, stride).at(size, inputs);
      net.conv(inner, 1).conv(inner, 3, stride).conv(stage.outputs, 1);
    }
  }
  return net.layers();
}

// Chollet 2017.
std::vector<Layer> xception() {
  Builder net(299, 3);
  net.conv(32, 3, 2).at(149, 32).conv(64, 3).at(147, 64);
  const auto halving_block = [&](size_t size, size_t inner, size_t outputs) {
    const size_t inputs = net.channels();
    net.conv(outputs, 1, 2).at(size, inputs).separable(inner).separable(outputs);
    net.at((size + 1) / 2, outputs);
  };
  halving_block(147, 128, 128);
  halving_block(74, 256, 256);
  halving_block(37, 728, 728);
  for (int i = 0; i < 8 * 3; i++) net.separable(728);
  halving_block(19, 728, 1024);
  return net.separable(1536).separable(2048).layers();
}

}  // namespace

std::string Layer::name() const {
  const std::string k = std::to_string(kernel), s = std::to_string(size);
  std::string text = (depthwise() ? "dw" : "") + k + "x" + k + "s" + std::to_string(stride) + "/" +
                     s + "x" + s + "x" + std::to_string(inputs);
  if (!depthwise()) text += "->" + std::to_string(outputs);
  if (!depthwise() && groups != 1) text += "/" + std::to_string(groups) + "_groups";
  return text;
}

std::vector<Network> networks() {
  return {{"mobilenet_v1", mobilenet_v1()},   {"mobilenet_v2", mobilenet_v2()},
          {"mobilenet_v3", mobilenet_v3()},   {"shufflenet_v1", shufflenet_v1()},
          {"shufflenet_v2", shufflenet_v2()}, {"squeezenet", squeezenet()},
          {"resnet50", resnet50()},           {"xception", xception()}};
}

}  // namespace qnnp::bench
