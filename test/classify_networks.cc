// SPDX-License-Identifier: BSD-3-Clause
//
// Networks of examples/classify: what concatenation costs; what asks for the impossible.

#include "moving_network.h"

namespace classify {
namespace {

const Shape kImage = MovedImage();
constexpr size_t kPixels = 24;

std::vector<uint8_t> Computed(const Model& model, size_t threads, size_t batch) {
  Network network(model, threads, batch);
  network.SetInput(TestBytes(network.input_size() * batch, 1).data());
  network.Run();
  return network.TensorBytes(model.output);
}

TEST(Concatenation, OfConvolutionsIsNoCopy) {
  for (bool is_signed : {false, true}) {
    for (size_t batch : {1, 3}) {
      Branches branches(is_signed);
      const int inner = branches.Concatenate(branches.parts, 8);
      const int sigmoid = branches.make.Activation({1, 4, 6, 8}, 0.1f, 100);
      branches.make.Op(tflite::BuiltinOperator_LOGISTIC, {branches.input}, sigmoid);
      const int output = branches.Concatenate({sigmoid, inner}, 16);
      std::vector<std::vector<uint8_t>> parts;
      for (int part : {sigmoid, branches.parts[0], branches.parts[1]}) {
        parts.push_back(Computed(ParseModel(branches.make.Finish(branches.input, part)), 1, batch));
      }
      const Model model = ParseModel(branches.make.Finish(branches.input, output));
      Network network(model, 1, batch);
      size_t operators = 0;
      for (const Layer& layer : network.layers()) {
        operators += layer.op != nullptr;
        EXPECT_EQ(layer.op == nullptr, layer.name == "CONCATENATION") << layer.name;
      }
      EXPECT_EQ(operators, 3u);
      EXPECT_EQ(network.buffer_count(), 2u);
      EXPECT_EQ(network.layers().back().shape, "4x6x8 + 4x6x8 -> 4x6x16");
      std::vector<uint8_t> expected;
      for (size_t i = 0; i < kPixels * batch; i++) {
        for (const auto& part : parts) {
          const size_t channels = part.size() / (kPixels * batch);
          expected.insert(expected.end(), &part[i * channels], &part[i * channels] + channels);
        }
      }
      for (size_t threads : {1, 2}) EXPECT_EQ(Computed(model, threads, batch), expected);
    }
  }
}

// A part that someone else reads as well stays dense and is copied.
TEST(Concatenation, OfWhatIsReadElsewhereCopies) {
  Branches branches(true);
  const int inner = branches.Concatenate(branches.parts, 8);
  const int output = branches.Concatenate({inner, branches.parts[0]}, 13);
  const Model model = ParseModel(branches.make.Finish(branches.input, output));
  Network network(model, 1);
  std::string names;
  for (const Layer& layer : network.layers()) {
    names += layer.name + (layer.op == nullptr ? "- " : " ");
  }
  EXPECT_EQ(names, "CONV_2D CONV_2D CONCATENATION CONCATENATION ");
}

// ---- What cannot be

struct Wrong {
  const char* name;
  tflite::BuiltinOperator code;
  Shape output;
  std::vector<std::pair<Shape, std::vector<int32_t>>> constants;
  std::function<void(tflite::BuiltinOptionsUnion&)> options;
  const char* message;  // a part of it
};

template <class Options>
std::function<void(tflite::BuiltinOptionsUnion&)> With(const Options& options) {
  return [options](tflite::BuiltinOptionsUnion& to) { to.Set(Options(options)); };
}

const Wrong kWrong[] = {
    {"axis",
     tflite::BuiltinOperator_CONCATENATION,
     kImage,
     {},
     [](auto& o) {
       tflite::ConcatenationOptionsT options;
       options.axis = 4;
       o.Set(std::move(options));
     },
     "dimension 4"},
    {"too small",
     tflite::BuiltinOperator_CONCATENATION,
     {1, 4, 6, 9},
     {},
     [](auto& o) {
       tflite::ConcatenationOptionsT options;
       options.axis = 3;
       o.Set(std::move(options));
     },
     "fill 8 of 9"},
    {"does not fit",
     tflite::BuiltinOperator_CONCATENATION,
     {1, 4, 6, 7},
     {},
     [](auto& o) {
       tflite::ConcatenationOptionsT options;
       options.axis = -1;
       o.Set(std::move(options));
     },
     "does not fit"},
    {"no options", tflite::BuiltinOperator_CONCATENATION, kImage, {}, {}, "no options"},
    {"twice",
     tflite::BuiltinOperator_TRANSPOSE,
     kImage,
     {{{4}, {0, 1, 2, 2}}},
     {},
     "the output's shape"},
    {"twice one size",
     tflite::BuiltinOperator_TRANSPOSE,
     {1, 4, 6, 6},
     {{{4}, {0, 1, 2, 2}}},
     {},
     "permutation"},
    {"no dimension",
     tflite::BuiltinOperator_TRANSPOSE,
     kImage,
     {{{4}, {0, 1, 2, 9}}},
     {},
     "dimension 9"},
    {"short", tflite::BuiltinOperator_TRANSPOSE, kImage, {{{3}, {0, 1, 2}}}, {}, "3 dimensions"},
    {"negative",
     tflite::BuiltinOperator_PAD,
     kImage,
     {{{4, 2}, {0, 0, -1, 1, 0, 0, 0, 0}}},
     {},
     "below 0"},
    {"sizes", tflite::BuiltinOperator_PAD, kImage, {{{4}, {0, 0, 1, 1}}}, {}, "4 sizes"},
    {"output",
     tflite::BuiltinOperator_PAD,
     kImage,
     {{{4, 2}, {0, 0, 1, 1, 0, 0, 0, 0}}},
     {},
     "output's shape"},
    {"beyond",
     tflite::BuiltinOperator_SLICE,
     {1, 4, 6, 4},
     {{{4}, {0, 0, 0, 5}}, {{4}, {1, 4, 6, 4}}},
     {},
     "5 to 9"},
    {"two dimensions",
     tflite::BuiltinOperator_SLICE,
     {1, 2, 6, 4},
     {{{4}, {0, 0, 0, 0}}, {{4}, {1, 2, 6, 4}}},
     {},
     "more than one dimension"},
    {"before",
     tflite::BuiltinOperator_SLICE,
     {1, 4, 6, 4},
     {{{4}, {0, 0, 0, -2}}, {{4}, {1, 4, 6, 4}}},
     {},
     "index -2"},
    {"step",
     tflite::BuiltinOperator_STRIDED_SLICE,
     {1, 2, 6, 8},
     {{{4}, {0, 0, 0, 0}}, {{4}, {1, 4, 6, 8}}, {{4}, {1, 2, 1, 1}}},
     With(tflite::StridedSliceOptionsT()),
     "step of 2"},
    {"nothing",
     tflite::BuiltinOperator_STRIDED_SLICE,
     {1, 2, 6, 8},
     {{{4}, {0, 3, 0, 0}}, {{4}, {1, 2, 6, 8}}, {{4}, {1, 1, 1, 1}}},
     With(tflite::StridedSliceOptionsT()),
     "are none"},
    {"block",
     tflite::BuiltinOperator_SPACE_TO_DEPTH,
     kImage,
     {},
     With(tflite::SpaceToDepthOptionsT()),
     "block_size is 0"},
    {"size",
     tflite::BuiltinOperator_RESIZE_BILINEAR,
     {1, 8, 8, 8},
     {{{2}, {7, 8}}},
     With(tflite::ResizeBilinearOptionsT()),
     "size that is asked for"},
    {"axes",
     tflite::BuiltinOperator_MEAN,
     {1, 8},
     {{{2}, {1, 7}}},
     With(tflite::ReducerOptionsT()),
     "dimension 7"},
    {"no axes",
     tflite::BuiltinOperator_REDUCE_MAX,
     {1, 8},
     {{{1}, {1}}},
     With(tflite::ReducerOptionsT()),
     "does not have shape"},
    {"elements", tflite::BuiltinOperator_RESHAPE, {1, 5}, {}, {}, "differ in size"},
    {"shapes", tflite::BuiltinOperator_RELU, {1, 5}, {}, {}, "differ"},
    {"float", tflite::BuiltinOperator_DEQUANTIZE, kImage, {}, {}, "data of DEQUANTIZE"},
    {"indices", tflite::BuiltinOperator_ARG_MAX, {1, 4, 6}, {{{1}, {3}}}, {}, "data of ARG_MAX"},
};

TEST(DamagedFile, WrongOperators) {
  for (const Wrong& wrong : kWrong) {
    SCOPED_TRACE(wrong.name);
    TfliteMaker make(true);
    const int input = Same(make, kImage);
    std::vector<int> inputs = {input};
    for (const auto& [shape, values] : wrong.constants) inputs.push_back(make.Int32(shape, values));
    const int output = Same(make, wrong.output);
    make.Op(wrong.code, inputs, output);
    if (wrong.options) wrong.options(make.graph().operators.back()->builtin_options);
    make.graph().inputs = {input};
    make.graph().outputs = {output};
    const std::string error = ErrorOf(make);
    EXPECT_NE(error.find(wrong.message), std::string::npos) << "'" << error << "'";
    EXPECT_NE(error, "");
  }
}

TEST(DamagedFile, EveryOperatorThatCannotBeIsNamedAtOnce) {
  TfliteMaker make(true);
  const int input = Same(make, kImage), a = Same(make, {1, 5}), b = Same(make, {1, 6});
  make.Op(tflite::BuiltinOperator_RESHAPE, {input}, a);
  make.Op(tflite::BuiltinOperator_TANH, {a}, b);
  make.graph().inputs = {input};
  make.graph().outputs = {b};
  const std::string error = ErrorOf(make);
  EXPECT_NE(error.find("RESHAPE of tensor 1"), std::string::npos) << error;
  EXPECT_NE(error.find("TANH of tensor 2"), std::string::npos) << error;
}

TEST(DamagedFile, FlippedBitsOfMovement) {
  QNNP_TRACE_SEED();
  TfliteMaker make = MakeMovingNetwork();
  ASSERT_EQ(ErrorOf(make), "");
  const std::vector<uint8_t> file = make.Finish();
  qnnp::test::Random random;
  size_t accepted = 0;
  for (size_t i = qnnp::test::effort(10'000); i > 0; i--) {
    std::vector<uint8_t> damaged = file;
    damaged[random.size(0, damaged.size() - 1)] ^= static_cast<uint8_t>(1u << random.in(0, 7));
    try {
      const Model model = ParseModel(std::move(damaged));
      Network network(model, 1);
      network.Run();
      accepted++;
    } catch (const Error& error) {
      EXPECT_STRNE(error.what(), "");
    }
  }
  EXPECT_GT(accepted, 0u);
}

}  // namespace
}  // namespace classify
