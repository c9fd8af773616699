// SPDX-License-Identifier: BSD-3-Clause
// All operators of seven networks, in order, from their papers (named in layers.cc, whose tables
// have the convolutions alone).
#include "chain.h"

namespace qnnp::bench {
namespace {

struct Stage {
  size_t expansion, outputs;
  int repeats;
  uint32_t stride;
};

void classify(Chain& net, View x) { net.softargmax(net.fully_connected(net.global_mean(x), 1000)); }

void mobilenet_v1(Chain& net) {
  constexpr Stage kStages[] = {{1, 64, 1, 1},  {1, 128, 1, 2},  {1, 128, 1, 1},
                               {1, 256, 1, 2}, {1, 256, 1, 1},  {1, 512, 1, 2},
                               {1, 512, 5, 1}, {1, 1024, 1, 2}, {1, 1024, 1, 1}};
  View x = net.conv(net.input(224, 3), 32, 3, 2);
  for (const Stage& stage : kStages) {
    for (int i = 0; i < stage.repeats; i++) {
      x = net.conv(net.depthwise(x, stage.stride), stage.outputs, 1);
    }
  }
  classify(net, x);
}

void mobilenet_v2(Chain& net) {
  constexpr Stage kStages[] = {{1, 16, 1, 1}, {6, 24, 2, 2},  {6, 32, 3, 2}, {6, 64, 4, 2},
                               {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}};
  View x = net.conv(net.input(224, 3), 32, 3, 2);
  for (const Stage& stage : kStages) {
    for (int i = 0; i < stage.repeats; i++) {
      const View expanded = stage.expansion == 1 ? x : net.conv(x, x.channels * stage.expansion, 1);
      const View y = net.conv(net.depthwise(expanded, i == 0 ? stage.stride : 1), stage.outputs, 1);
      x = i == 0 ? y : net.add(x, y);
    }
  }
  classify(net, net.conv(x, 1280, 1));
}

void shufflenet_v1(Chain& net) {
  constexpr size_t kGroups = 3;
  constexpr Stage kStages[] = {{0, 240, 4, 2}, {0, 480, 8, 2}, {0, 960, 4, 2}};
  View x = net.pool(net.conv(net.input(224, 3), 24, 3, 2), qnnp_reduction_max, 2, 1);
  for (const Stage& stage : kStages) {
    for (int i = 0; i < stage.repeats; i++) {
      const size_t groups = x.channels == 24 ? 1 : kGroups;
      const View squeezed = net.shuffle(net.conv(x, stage.outputs / 4, 1, 1, groups), kGroups);
      const View y = net.depthwise(squeezed, i == 0 ? 2 : 1);
      if (i == 0) {  // concatenated with the pooled input
        const View both = net.tensor(y.size, stage.outputs);
        net.pool_into(x, qnnp_reduction_mean, 2, 1, both.part(0, x.channels));
        net.conv_into(y, 1, 1, kGroups, both.part(x.channels, stage.outputs - x.channels));
        x = both;
      } else {
        x = net.add(x, net.conv(y, stage.outputs, 1, 1, kGroups));
      }
    }
  }
  classify(net, x);
}

void shufflenet_v2(Chain& net) {
  constexpr Stage kStages[] = {{0, 116, 4, 2}, {0, 232, 8, 2}, {0, 464, 4, 2}};
  View x = net.pool(net.conv(net.input(224, 3), 24, 3, 2), qnnp_reduction_max, 2, 1);
  for (const Stage& stage : kStages) {
    const size_t half = stage.outputs / 2;
    for (int i = 0; i < stage.repeats; i++) {
      const View both = net.tensor(i == 0 ? (x.size + 1) / 2 : x.size, stage.outputs);
      if (i == 0) {
        net.conv_into(net.depthwise(x, 2), 1, 1, 1, both.part(0, half));
      } else {
        net.copy_into(x.part(0, half), both.part(0, half));
      }
      const View expanded = net.conv(i == 0 ? x : x.part(half, half), half, 1);
      net.conv_into(net.depthwise(expanded, i == 0 ? 2 : 1), 1, 1, 1, both.part(half, half));
      x = net.shuffle(both, 2);
    }
  }
  classify(net, net.conv(x, 1024, 1));
}

void squeezenet(Chain& net) {
  struct Fire {
    bool pooled;
    size_t squeezed, expanded;
  };
  constexpr Fire kFires[] = {{true, 16, 64},  {false, 16, 64},  {true, 32, 128},  {false, 32, 128},
                             {true, 48, 192}, {false, 48, 192}, {false, 64, 256}, {false, 64, 256}};
  View x = net.conv(net.input(224, 3), 64, 3, 2);
  for (const Fire& fire : kFires) {
    if (fire.pooled) x = net.pool(x, qnnp_reduction_max, 2, 0);
    const View squeezed = net.conv(x, fire.squeezed, 1);
    const View both = net.tensor(x.size, 2 * fire.expanded);
    net.conv_into(squeezed, 1, 1, 1, both.part(0, fire.expanded));
    net.conv_into(squeezed, 3, 1, 1, both.part(fire.expanded, fire.expanded));
    x = both;
  }
  net.softargmax(net.global_mean(net.conv(x, 1000, 1)));
}

void resnet50(Chain& net) {
  constexpr Stage kStages[] = {{0, 256, 3, 1}, {0, 512, 4, 2}, {0, 1024, 6, 2}, {0, 2048, 3, 2}};
  View x = net.pool(net.conv(net.input(224, 3), 64, 7, 2), qnnp_reduction_max, 2, 1);
  for (const Stage& stage : kStages) {
    for (int i = 0; i < stage.repeats; i++) {
      const uint32_t stride = i == 0 ? stage.stride : 1;
      const size_t inner = stage.outputs / 4;
      const View y = net.conv(net.conv(net.conv(x, inner, 1), inner, 3, stride), stage.outputs, 1);
      x = net.add(i == 0 ? net.conv(x, stage.outputs, 1, stride) : x, y);
    }
  }
  classify(net, x);
}

void xception(Chain& net) {
  // All of it padded: images are up to three pixels larger than the paper's (150, 75, 38).
  View x = net.conv(net.conv(net.input(299, 3), 32, 3, 2), 64, 3);
  const auto halving = [&net](View in, size_t inner, size_t outputs) {
    const View y = net.separable(net.separable(in, inner), outputs);
    return net.add(net.conv(in, outputs, 1, 2), net.pool(y, qnnp_reduction_max, 2, 1));
  };
  x = halving(x, 128, 128);
  x = halving(x, 256, 256);
  x = halving(x, 728, 728);
  for (int i = 0; i < 8; i++) {
    x = net.add(x, net.separable(net.separable(net.separable(x, 728), 728), 728));
  }
  x = halving(x, 728, 1024);
  classify(net, net.separable(net.separable(x, 1536), 2048));
}

}  // namespace

std::vector<WholeNetwork> whole_networks() {
  return {{"mobilenet_v1", mobilenet_v1},
          {"mobilenet_v2", mobilenet_v2},
          {"shufflenet_v1", shufflenet_v1},
          {"shufflenet_v2", shufflenet_v2},
          {"squeezenet", squeezenet},
          {"resnet50", resnet50},
          {"xception", xception}};
}

}  // namespace qnnp::bench
