// SPDX-License-Identifier: BSD-3-Clause
// All tensors of the networks of examples/classify as hashes that the scalar kernels made
// (test/golden/networks.inc): the same on every processor.
#include <filesystem>
#include <random>

#include "golden/golden.h"
#include "model.h"
#include "network.h"

namespace classify {
namespace {

using qnnp::test::GoldenTable;

const GoldenTable kTable = {
#define QNNP_GOLDEN(name, hash) {name, hash},
#include "golden/networks.inc"
#undef QNNP_GOLDEN
};

std::vector<uint8_t> RandomBytes(size_t count) {
  std::vector<uint8_t> bytes(count);
  std::mt19937 random(1);
  for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random() >> 24);
  return bytes;
}

uint64_t HashOfTensors(const std::filesystem::path& path) {
  const Model model = LoadModel(path.string());
  Network network(model, 1);
  network.SetInput(RandomBytes(network.input_size()).data());
  qnnp::test::Hash hash;
  for (size_t i = 0; i < network.layers().size(); i++) {
    network.RunLayer(i);
    hash.add(network.TensorBytes(network.layers()[i].output));
  }
  return hash.value();
}

void ExpectGolden(const std::filesystem::path& folder, const std::vector<std::string>& names) {
  qnnp::test::expect_golden(names, kTable,
                            [&](const std::string& name) { return HashOfTensors(folder / name); });
}

TEST(GoldenNetworks, OfThisRepository) { ExpectGolden("models", {"fashion_mnist_uint8.tflite"}); }

// QNNP_MODELS_DIR, or beside the source tree. This repository does not hold these networks:
// without them the networks of our own training above are what is checked.
TEST(GoldenNetworks, Published) {
  const char* named = std::getenv("QNNP_MODELS_DIR");
  const std::filesystem::path folder = named != nullptr ? named : QNNP_MODELS_DIR_DEFAULT;
  if (!std::filesystem::exists(folder / "person_detect.tflite")) {
    GTEST_SKIP() << "no published models here: set QNNP_MODELS_DIR to the folder of "
                    "person_detect.tflite and others";
  }
  ExpectGolden(folder, {"mobilenet_v1_0.25_128_quant.tflite", "mobilenet_v2_1.0_224_quant.tflite",
                        "person_detect.tflite"});
}

}  // namespace
}  // namespace classify
