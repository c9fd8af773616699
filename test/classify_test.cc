// SPDX-License-Identifier: BSD-3-Clause
//
// The network runner of examples/classify: damaged and hostile files end in an error, never in a
// crash; networks of known answers give them; every byte of every tensor is the same on every
// instruction set and number of threads.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "error.h"
#include "harness/isa.h"
#include "harness/random.h"
#include "harness/requantize_reference.h"
#include "image.h"
#include "model.h"
#include "moving_network.h"
#include "network.h"
#include "report.h"
#include "tflite_maker.h"

namespace classify {
namespace {

std::vector<uint8_t> RandomBytes(size_t count, uint64_t salt) {
  std::vector<uint8_t> bytes(count);
  qnnp::test::Random(salt).fill(bytes);
  return bytes;
}

// Every tensor that a layer computes, in order.
std::vector<std::vector<uint8_t>> AllTensors(const Model& model, size_t threads,
                                             const std::vector<uint8_t>& input) {
  Network network(model, threads);
  network.SetInput(input.data());
  std::vector<std::vector<uint8_t>> tensors;
  for (size_t i = 0; i < network.layers().size(); i++) {
    network.RunLayer(i);
    tensors.push_back(network.TensorBytes(network.layers()[i].output));
  }
  return tensors;
}

// ---- Damaged files

// Reads the file and runs it once: the error's sentence, or "" if it is a network after all.
std::string Outcome(std::vector<uint8_t> file) {
  try {
    const Model model = ParseModel(std::move(file));
    Network network(model, 1);
    const std::vector<uint8_t> input(network.input_size(), 100);
    network.SetInput(input.data());
    network.Run();
    return "";
  } catch (const Error& error) {
    EXPECT_STRNE(error.what(), "");
    return error.what();
  }
}

TEST(DamagedFile, Truncated) {
  const std::vector<uint8_t> file = MakeTinyNetwork(true).Finish();
  ASSERT_EQ(Outcome(file), "");
  for (size_t size = 0; size < file.size(); size++) {
    Outcome({file.begin(), file.begin() + static_cast<ptrdiff_t>(size)});
  }
}

TEST(DamagedFile, FlippedBits) {
  QNNP_TRACE_SEED();
  qnnp::test::Random random;
  for (bool is_signed : {false, true}) {
    const std::vector<uint8_t> file = MakeTinyNetwork(is_signed).Finish();
    size_t accepted = 0;
    for (int i = 0; i < 10'000; i++) {
      std::vector<uint8_t> damaged = file;
      for (size_t flips = random.size(1, 3); flips > 0; flips--) {
        damaged[random.size(0, damaged.size() - 1)] ^= static_cast<uint8_t>(1u << random.in(0, 7));
      }
      accepted += Outcome(std::move(damaged)).empty();
    }
    std::printf("%zu of 10000 were networks still\n", accepted);
  }
}

TEST(DamagedFile, ReplacedWords) {
  const std::vector<uint8_t> file = MakeTinyNetwork(false).Finish();
  for (uint32_t value : {0u, 1u, 0x7fffffffu, 0x80000000u, 0xffffffffu, 0x00010000u}) {
    for (size_t at = 0; at + 4 <= file.size(); at += 4) {
      std::vector<uint8_t> damaged = file;
      std::memcpy(&damaged[at], &value, 4);
      Outcome(std::move(damaged));
    }
  }
}

struct Hostile {
  const char* name;
  std::function<void(tflite::ModelT&)> damage;
  const char* message;  // a part of it
};

tflite::TensorT& TensorOf(tflite::ModelT& model, size_t i) {
  return *model.subgraphs[0]->tensors[i];
}
tflite::OperatorT& OpOf(tflite::ModelT& model, size_t i) {
  return *model.subgraphs[0]->operators[i];
}

// Tensors of the tiny network: 0 input, 1 first output, 2 and 3 its weights and bias, ...
const Hostile kHostile[] = {
    {"version", [](auto& m) { m.version = 2; }, "version 2"},
    {"no graph", [](auto& m) { m.subgraphs.clear(); }, "no network"},
    {"no operators", [](auto& m) { m.subgraphs[0]->operators.clear(); }, "empty"},
    {"two inputs",
     [](auto& m) {
       m.subgraphs[0]->inputs = {0, 1};
     },
     "2 inputs"},
    {"input index", [](auto& m) { m.subgraphs[0]->inputs = {99}; }, "tensor 99"},
    {"output index", [](auto& m) { m.subgraphs[0]->outputs = {-1}; }, "tensor -1"},
    {"output constant", [](auto& m) { m.subgraphs[0]->outputs = {2}; }, "is a constant"},
    {"output unset", [](auto& m) { m.subgraphs[0]->operators.pop_back(); }, "no operator computes"},
    {"code index", [](auto& m) { OpOf(m, 0).opcode_index = 77; }, "code 77"},
    {"tensor index", [](auto& m) { OpOf(m, 0).inputs[0] = 1000; }, "tensor 1000"},
    {"negative index", [](auto& m) { OpOf(m, 0).inputs[1] = -1; }, "tensor -1"},
    {"cycle", [](auto& m) { OpOf(m, 0).inputs[0] = OpOf(m, 1).outputs[0]; }, "before anything"},
    {"own output", [](auto& m) { OpOf(m, 0).inputs[0] = OpOf(m, 0).outputs[0]; },
     "before anything"},
    {"two writers", [](auto& m) { OpOf(m, 1).outputs[0] = OpOf(m, 0).outputs[0]; }, "already"},
    {"writes input", [](auto& m) { OpOf(m, 1).outputs[0] = 0; }, "already"},
    {"writes weights", [](auto& m) { OpOf(m, 0).outputs[0] = 2; }, "already"},
    {"no inputs", [](auto& m) { OpOf(m, 0).inputs.clear(); }, "0 inputs"},
    {"no outputs", [](auto& m) { OpOf(m, 0).outputs.clear(); }, "0 outputs"},
    {"no options", [](auto& m) { OpOf(m, 0).builtin_options.Reset(); }, "no options"},
    {"stride", [](auto& m) { OpOf(m, 0).builtin_options.AsConv2DOptions()->stride_h = 0; },
     "stride_h is 0"},
    {"dilation",
     [](auto& m) { OpOf(m, 0).builtin_options.AsConv2DOptions()->dilation_w_factor = -3; },
     "dilation_w_factor is -3"},
    {"huge stride",
     [](auto& m) { OpOf(m, 0).builtin_options.AsConv2DOptions()->stride_h = 0x7fffffff; },
     "positions"},
    {"window", [](auto& m) { OpOf(m, 6).builtin_options.AsPool2DOptions()->filter_height = 9; },
     "larger than"},
    {"pool positions",
     [](auto& m) {
       tflite::Pool2DOptionsT& pool = *OpOf(m, 6).builtin_options.AsPool2DOptions();
       pool.padding = tflite::Padding_SAME;
       pool.stride_h = 2;
       pool.filter_height = 3;
       pool.stride_w = 3;
     },
     "positions"},
    {"zero dimension", [](auto& m) { TensorOf(m, 0).shape[1] = 0; }, "dimension 1 is 0"},
    {"negative dimension", [](auto& m) { TensorOf(m, 0).shape[3] = -3; }, "dimension 3 is -3"},
    {"huge shape",
     [](auto& m) {
       TensorOf(m, 0).shape = {1, 65536, 65536, 65536};
     },
     "too large"},
    {"other shape", [](auto& m) { TensorOf(m, 1).shape[1] = 5; }, "positions"},
    {"other channels", [](auto& m) { TensorOf(m, 0).shape[3] = 4; }, "do not lead from"},
    {"rank", [](auto& m) { TensorOf(m, 0).shape = {192}; }, "four dimensions"},
    {"buffer index", [](auto& m) { TensorOf(m, 2).buffer = 500; }, "buffer 500"},
    {"buffer size", [](auto& m) { m.buffers[TensorOf(m, 2).buffer]->data.pop_back(); }, "holds"},
    {"no weights", [](auto& m) { TensorOf(m, 2).buffer = 0; }, "wants constants"},
    {"outside buffer", [](auto& m) { m.buffers[1]->offset = 5000; }, "outside"},
    {"sparse",
     [](auto& m) { TensorOf(m, 2).sparsity = std::make_unique<tflite::SparsityParametersT>(); },
     "sparse"},
    {"variable", [](auto& m) { TensorOf(m, 0).is_variable = true; }, "variable"},
    {"no scale", [](auto& m) { TensorOf(m, 0).quantization.reset(); }, "0 scales"},
    {"two scales", [](auto& m) { TensorOf(m, 0).quantization->scale.push_back(1); }, "2 scales"},
    {"scales of weights", [](auto& m) { TensorOf(m, 2).quantization->scale.resize(3, 1.0f); },
     "3 scales"},
    {"dimension of scales", [](auto& m) { TensorOf(m, 2).quantization->quantized_dimension = -7; },
     "dimension -7"},
    {"zero points", [](auto& m) { TensorOf(m, 2).quantization->zero_point.resize(2); },
     "2 zero points"},
    {"unequal zero points", [](auto& m) { TensorOf(m, 2).quantization->zero_point[1] = 3; },
     "different zero points"},
    {"zero point", [](auto& m) { TensorOf(m, 0).quantization->zero_point[0] = 1ll << 40; },
     "zero point 1099511627776"},
    {"zero scale", [](auto& m) { TensorOf(m, 0).quantization->scale[0] = 0; }, "scale 0"},
    {"infinite scale", [](auto& m) { TensorOf(m, 0).quantization->scale[0] = HUGE_VALF; },
     "scale inf"},
    {"NaN scale", [](auto& m) { TensorOf(m, 0).quantization->scale[0] = NAN; }, "scale nan"},
    {"tiny scale", [](auto& m) { TensorOf(m, 0).quantization->scale[0] = 1.2e-38f; }, ""},
    {"float data", [](auto& m) { TensorOf(m, 1).type = tflite::TensorType_FLOAT32; },
     "FLOAT32 data of CONV_2D"},
    {"beta", [](auto& m) { OpOf(m, 10).builtin_options.AsSoftmaxOptions()->beta = -1; }, ""},
};

TEST(DamagedFile, Hostile) {
  for (const Hostile& hostile : kHostile) {
    SCOPED_TRACE(hostile.name);
    TfliteMaker make = MakeTinyNetwork(true);
    hostile.damage(make.model);
    const std::string outcome = Outcome(make.Finish());
    EXPECT_NE(outcome, "");
    EXPECT_NE(outcome.find(hostile.message), std::string::npos) << outcome;
  }
}

// Only the middle tap ever meets data, so this could be computed; the library may refuse it.
TEST(DamagedFile, HugeDilation) {
  TfliteMaker make = MakeTinyNetwork(true);
  OpOf(make.model, 0).builtin_options.AsConv2DOptions()->dilation_h_factor = 0x7fffffff;
  std::printf("outcome: '%s'\n", Outcome(make.Finish()).c_str());
}

TEST(DamagedFile, EverythingUnsupportedIsNamedAtOnce) {
  TfliteMaker make = MakeTinyNetwork(false);
  make.model.operator_codes[0]->deprecated_builtin_code = 42;
  make.model.operator_codes[1]->deprecated_builtin_code = 125;
  make.model.operator_codes[2]->deprecated_builtin_code = tflite::BuiltinOperator_CUSTOM;
  make.model.operator_codes[2]->custom_code = "Twice\x1b[2J";
  OpOf(make.model, 3).builtin_options.AsConv2DOptions()->fused_activation_function =
      tflite::ActivationFunctionType_TANH;
  for (size_t i = 0; i < 3; i++) make.model.operator_codes[i]->builtin_code = {};
  EXPECT_EQ(Outcome(make.Finish()),
            "the network needs what is not supported: CONV_2D with fused TANH, CUSTOM "
            "'Twice?[2J', operator 125, operator 42");
}

// ---- Results

// A depthwise convolution whose channels have several outputs each, in TFLite's layout of weights.
TEST(Results, DepthwiseWithMultiplier) {
  TfliteMaker make(false);
  const int input = make.Activation({1, 3, 3, 2}, 0.5f, 7);
  const int output = make.Activation({1, 1, 1, 6}, 8.0f, 100);
  const int weights = make.Weights({1, 3, 3, 6}, 3, 0.25f, 99);
  tflite::DepthwiseConv2DOptionsT options;
  options.padding = tflite::Padding_VALID;
  options.stride_h = options.stride_w = 1;
  make.Op(tflite::BuiltinOperator_DEPTHWISE_CONV_2D, {input, weights}, output, options);
  const std::vector<uint8_t> kernel = make.model.buffers[1]->data;
  const std::vector<float> scales = TensorOf(make.model, 2).quantization->scale;
  const Model model = ParseModel(make.Finish(input, output));
  const std::vector<uint8_t> data = RandomBytes(18, 5);
  const std::vector<uint8_t> result = AllTensors(model, 1, data).back();
  for (size_t c = 0; c < 6; c++) {
    int64_t acc = 0;
    for (size_t pixel = 0; pixel < 9; pixel++) {
      acc += (data[pixel * 2 + c / 3] - 7) * (kernel[pixel * 6 + c] - 99);
    }
    const float scale = static_cast<float>(0.5 * static_cast<double>(scales[c]) / 8.0);
    EXPECT_EQ(qnnp::test::requantize_reference(acc, scale, {100, 0, 255}), result[c]) << c;
  }
}

TEST(Results, SignedAndUnsignedAreTheSameNetwork) {
  const Model unsigned_model = ParseModel(MakeTinyNetwork(false).Finish());
  const Model signed_model = ParseModel(MakeTinyNetwork(true).Finish());
  std::vector<uint8_t> input = RandomBytes(8 * 8 * 3, 3);
  const auto expected = AllTensors(unsigned_model, 1, input);
  for (uint8_t& byte : input) byte ^= 0x80;
  auto tensors = AllTensors(signed_model, 1, input);
  for (auto& tensor : tensors) {
    for (uint8_t& byte : tensor) byte ^= 0x80;
  }
  EXPECT_EQ(expected, tensors);
  EXPECT_NE(expected[0], std::vector<uint8_t>(expected[0].size(), expected[0][0]));
}

TEST(Results, BatchEqualsSingleRuns) {
  const Model model = ParseModel(MakeTinyNetwork(true).Finish());
  constexpr size_t kBatch = 3;
  Network batch(model, 1, kBatch), single(model, 1);
  const std::vector<uint8_t> input = RandomBytes(kBatch * single.input_size(), 4);
  batch.SetInput(input.data());
  batch.Run();
  for (size_t i = 0; i < kBatch; i++) {
    single.SetInput(&input[i * single.input_size()]);
    single.Run();
    for (size_t c = 0; c < single.output_size(); c++) {
      EXPECT_EQ(single.Output(c), batch.Output(i * single.output_size() + c)) << i << " " << c;
    }
  }
}

// ---- Published networks

// Where the models lie: QNNP_MODELS_DIR, or beside the source tree.
std::optional<std::filesystem::path> ModelsFolder() {
  const char* named = std::getenv("QNNP_MODELS_DIR");
  const std::filesystem::path folder = named != nullptr ? named : QNNP_MODELS_DIR_DEFAULT;
  if (!std::filesystem::exists(folder / "person_detect.tflite")) return std::nullopt;
  return folder;
}

constexpr const char* kNoModels =
    "no published models here: set QNNP_MODELS_DIR to the folder of person_detect.tflite and "
    "others";

std::vector<Guess> Classify(const std::string& model_path, const std::string& picture_path,
                            size_t top) {
  const Model model = LoadModel(model_path);
  Network network(model, 1);
  const std::vector<size_t>& shape = model.tensors[static_cast<size_t>(model.input)].shape;
  const Image image = Resize(LoadImage(picture_path, shape[3]), shape[1], shape[2]);
  network.SetInput(image.pixels.data());
  network.Run();
  return BestGuesses(network, top);
}

struct Answer {
  const char *model, *picture;
  size_t index, among;
  double probability;  // at least
};

// The last two pictures are int8 tensors in the shape of BMP files: their bytes are read as such.
const Answer kAnswers[] = {
    {"mobilenet_v1_0.25_128_quant.tflite", "cat.bmp", 283, 3, 0.25},
    {"mobilenet_v2_1.0_224_quant.tflite", "cat.bmp", 286, 1, 0.70},
    {"mobilenet_v2_1.0_224_quant.tflite", "bird.bmp", 20, 1, 0.97},
    {"mobilenet_v2_1.0_224_quant.tflite", "grace_hopper.bmp", 653, 1, 0.92},
    {"person_detect.tflite", "person.bmp", 1, 1, 0.5},
    {"person_detect.tflite", "no_person.bmp", 0, 1, 0.5},
};

TEST(PublishedNetworks, Answers) {
  const auto folder = ModelsFolder();
  if (!folder) GTEST_SKIP() << kNoModels;
  for (const Answer& answer : kAnswers) {
    SCOPED_TRACE(std::string(answer.model) + " " + answer.picture);
    double probability = 0;
    for (const Guess& guess :
         Classify(*folder / answer.model, *folder / answer.picture, answer.among)) {
      if (guess.index == answer.index) probability = guess.probability;
    }
    EXPECT_GE(probability, answer.probability);
  }
}

// ---- The network of models/, which the source tree carries

constexpr const char* kFashion = "models/fashion_mnist_uint8.tflite";
constexpr const char* kNoFashion = "run from the top of the source tree, which carries models/";

// The bytes of an IDX file without its header.
std::vector<uint8_t> IdxData(const std::string& path, size_t dimensions) {
  const std::vector<uint8_t> file = ReadFile(path);
  return {file.begin() + static_cast<ptrdiff_t>(4 + 4 * dimensions), file.end()};
}

// The training's own exact simulation of the network wrote down what comes before the softmax.
TEST(FashionNetwork, LogitsAreTheSimulations) {
  ASSERT_TRUE(std::filesystem::exists(kFashion)) << kNoFashion;
  const Model model = LoadModel(kFashion);
  Network network(model, 1);
  const std::vector<uint8_t> pictures = IdxData("models/test500-images-idx3-ubyte", 3);
  const std::vector<uint8_t> logits = IdxData("models/test500-logits-idx2-ubyte", 2);
  const size_t count = pictures.size() / network.input_size();
  ASSERT_EQ(logits.size(), count * network.output_size());
  const size_t softmax = network.layers().size() - 1;
  ASSERT_EQ(network.layers()[softmax].name, "SOFTMAX");
  for (size_t i = 0; i < count; i++) {
    network.SetInput(&pictures[i * network.input_size()]);
    for (size_t layer = 0; layer < softmax; layer++) network.RunLayer(layer);
    const auto expected = logits.begin() + static_cast<ptrdiff_t>(i * network.output_size());
    ASSERT_EQ(network.TensorBytes(network.layers()[softmax].inputs[0]),
              std::vector<uint8_t>(expected, expected + 10))
        << "picture " << i;
  }
}

TEST(FashionNetwork, FlippedBits) {
  ASSERT_TRUE(std::filesystem::exists(kFashion)) << kNoFashion;
  QNNP_TRACE_SEED();
  qnnp::test::Random random;
  const std::vector<uint8_t> file = ReadFile(kFashion);
  for (int i = 0; i < 200; i++) {
    // Most of the file is weights, which may be anything: half of the damage goes to its ends.
    std::vector<uint8_t> damaged = file;
    const size_t end = random.coin() ? 2000 : damaged.size();
    const size_t at = random.size(0, end - 1);
    damaged[random.coin() ? at : damaged.size() - 1 - at] ^=
        static_cast<uint8_t>(1u << random.in(0, 7));
    Outcome(std::move(damaged));
  }
}

// ---- The same bytes everywhere

void ExpectSameBytesEverywhere(const Model& model) {
  const std::vector<uint8_t> input =
      RandomBytes(model.tensors[static_cast<size_t>(model.input)].elements, 6);
  std::vector<std::vector<uint8_t>> expected;
  qnnp::test::for_each_isa([&] {
    for (size_t threads : {1, 2}) {
      SCOPED_TRACE(Concat(threads, " threads"));
      const auto tensors = AllTensors(model, threads, input);
      if (expected.empty()) expected = tensors;
      ASSERT_EQ(expected.size(), tensors.size());
      for (size_t i = 0; i < tensors.size(); i++) {
        ASSERT_EQ(expected[i], tensors[i]) << "layer " << i;
      }
    }
  });
}

TEST(SameBytes, TinyNetwork) {
  ExpectSameBytesEverywhere(ParseModel(MakeTinyNetwork(true).Finish()));
}

TEST(SameBytes, MovingNetwork) {
  ExpectSameBytesEverywhere(ParseModel(MakeMovingNetwork().Finish()));
}

TEST(SameBytes, FashionNetwork) {
  ASSERT_TRUE(std::filesystem::exists(kFashion)) << kNoFashion;
  ExpectSameBytesEverywhere(LoadModel(kFashion));
}

TEST(SameBytes, PublishedNetworks) {
  const auto folder = ModelsFolder();
  if (!folder) GTEST_SKIP() << kNoModels;
  for (const char* name : {"mobilenet_v1_0.25_128_quant.tflite",
                           "mobilenet_v2_1.0_224_quant.tflite", "person_detect.tflite"}) {
    SCOPED_TRACE(name);
    ExpectSameBytesEverywhere(LoadModel(*folder / name));
  }
}

}  // namespace
}  // namespace classify
