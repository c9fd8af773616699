// SPDX-License-Identifier: BSD-3-Clause
// Runs convolution layers for tools/count_instructions.py: the eight shapes that QNNPACK's figures
// are known for, and the layers of MobileNet v1 and v2. Each layer runs once for what only a first
// run does, then once between two marks, hints that no processor acts on:
// tools/instruction_count.c counts what qemu executes in between. A line a layer, with tabs:
// name, multiply-accumulates, times in its network, hash of the output, kernel.
#include <algorithm>
#include <cstdio>
#include <cstring>

#include "cases.h"

namespace qnnp::bench {
namespace {

constexpr char kAbout[] =
    "instruction_count: convolution layers between marks, for tools/count_instructions.py\n"
    "  --filter TEXT   layers with this in their name\n"
    "  --list          names alone";

#if defined(__thumb__)
#define QNNP_MARK(number) asm volatile(".inst.w 0xf3af8000 + " #number : : : "memory")
#elif defined(__arm__)
#define QNNP_MARK(number) asm volatile(".inst 0xe320f000 + " #number : : : "memory")
#else
#define QNNP_MARK(number) asm volatile("hint #" #number : : : "memory")
#endif

struct Named {
  std::string name;
  Layer layer;
  Types types;
};

std::vector<Named> layers() {
  const Layer kShapes[] = {{224, 3, 32, 3, 2, 1},     {56, 64, 128, 1, 1, 1},
                           {14, 512, 512, 1, 1, 1},   {7, 320, 1280, 1, 1, 1},
                           {28, 64, 64, 3, 1, 1},     {56, 128, 128, 3, 1, 128},
                           {28, 256, 256, 3, 2, 256}, {28, 96, 96, 5, 1, 96}};
  std::vector<Named> all;
  const auto add = [&all](const std::string& group, const Layer& layer, Types types) {
    all.push_back({group + "/" + layer.name(), layer, types});
  };
  for (const Layer& layer : kShapes) add("shapes", layer, Types::uint8);
  for (const Layer& layer : kShapes) add("shapes_int8", layer, Types::int8);
  for (const Network& network : networks()) {
    const std::string name = network.name;
    if (name != "mobilenet_v1" && name != "mobilenet_v2") continue;
    for (const Layer& layer : network.layers) add(name, layer, Types::uint8);
  }
  return all;
}

// FNV-1a.
uint32_t hash(const Bytes& bytes) {
  uint32_t value = 2166136261u;
  for (const uint8_t byte : bytes) value = (value ^ byte) * 16777619u;
  return value;
}

void run(const Named& named) {
  // Padded on all sides alike, as the other figures are.
  const Case c = layer_case("", named.layer, named.types, kKernelZeroPoint, true);
  const Bytes input = random_bytes(c.input_bytes);
  Bytes output(c.output_bytes);
  qnnp_operator_t op = nullptr;
  require(c.create(&op));
  require(c.setup(op, input.data(), output.data()));
  require(qnnp_run_operator(op, nullptr));
  std::fill(output.begin(), output.end(), 0);
  QNNP_MARK(101);
  const enum qnnp_status status = qnnp_run_operator(op, nullptr);
  QNNP_MARK(102);
  require(status);
  qnnp_operator_info info = {};
  info.struct_size = sizeof(info);
  require(qnnp_describe_operator(op, &info));
  printf("%s\t%.0f\t%d\t%08x\t%s\n", named.name.c_str(), named.layer.macs(), named.layer.repeats,
         hash(output), info.kernel);
  qnnp_delete_operator(op);
}

}  // namespace
}  // namespace qnnp::bench

int main(int argc, char** argv) {
  using namespace qnnp::bench;
  bool list = false;
  std::string filter;
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--list") == 0) {
      list = true;
    } else if (strcmp(argv[i], "--filter") == 0 && i + 1 < argc) {
      filter = argv[++i];
    } else {
      printf("%s\n", kAbout);
      return strcmp(argv[i], "--help") == 0 ? 0 : 2;
    }
  }
  require(qnnp_initialize());
  for (const auto& named : layers()) {
    if (named.name.find(filter) == std::string::npos) continue;
    if (list) {
      printf("%s\n", named.name.c_str());
    } else {
      run(named);
    }
  }
  return 0;
}
