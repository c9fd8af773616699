// SPDX-License-Identifier: BSD-3-Clause
//
// Networks of one operator for the tests of examples/classify: each as uint8 and as int8, against
// real arithmetic.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "error.h"
#include "harness/random.h"
#include "model.h"
#include "network.h"
#include "tflite_maker.h"

namespace classify {

using Reals = std::vector<double>;
using Shape = std::vector<int32_t>;

constexpr float kInputScale = 0.04f;
constexpr int kInputZeroPoint = 120;
constexpr double kBound = 0.5 + 0x1p-13;

inline std::vector<uint8_t> TestBytes(size_t count, uint64_t salt) {
  std::vector<uint8_t> bytes(count);
  qnnp::test::Random(salt).fill(bytes);
  return bytes;
}

inline Reals RealsOf(const std::vector<uint8_t>& bytes, float scale, int zero_point) {
  Reals reals;
  for (uint8_t byte : bytes) reals.push_back(static_cast<double>(scale) * (byte - zero_point));
  return reals;
}

inline std::vector<uint8_t> Flipped(std::vector<uint8_t> bytes) {
  for (uint8_t& byte : bytes) byte ^= 0x80;
  return bytes;
}

inline size_t ElementsOf(const Shape& shape) {
  size_t count = 1;
  for (int32_t size : shape) count *= static_cast<size_t>(size);
  return count;
}

// The sentence of the error, or "".
inline std::string ErrorOf(const TfliteMaker& make) {
  try {
    const Model model = ParseModel(make.Finish());
    Network network(model, 1);
    network.Run();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

struct OperatorCase {
  std::string name;
  Shape input;
  // Adds the operator to the network and returns its output.
  std::function<int(TfliteMaker&, int input)> build;
  std::function<Reals(const Reals& input)> reference;
};

// As uint8 and as int8, one input at a time and two.
inline void CheckOperator(const OperatorCase& c) {
  SCOPED_TRACE(c.name);
  for (bool is_signed : {false, true}) {
    for (size_t batch : {1, 2}) {
      SCOPED_TRACE(Concat(is_signed ? "int8, " : "uint8, ", batch));
      TfliteMaker make(is_signed);
      const int input = make.Activation(c.input, kInputScale, kInputZeroPoint);
      const int output = c.build(make, input);
      const size_t count = ElementsOf(c.input);
      std::vector<uint8_t> bytes = TestBytes(count * batch, 1), result;
      std::string error;
      Model model;
      try {
        model = ParseModel(make.Finish(input, output));
        Network network(model, 1, batch);
        network.SetInput((is_signed ? Flipped(bytes) : bytes).data());
        network.Run();
        result = network.TensorBytes(output);
      } catch (const Error& e) {
        error = e.what();
      }
      ASSERT_EQ(error, "");
      if (is_signed) result = Flipped(result);
      const Tensor& tensor = model.tensors[static_cast<size_t>(output)];
      const int zero_point = tensor.zero_point + (is_signed ? 128 : 0);
      for (size_t i = 0; i < batch; i++) {
        const auto begin = bytes.begin() + static_cast<ptrdiff_t>(i * count);
        const Reals expected = c.reference(
            RealsOf({begin, begin + static_cast<ptrdiff_t>(count)}, kInputScale, kInputZeroPoint));
        ASSERT_EQ(expected.size() * batch, result.size());
        // The reference is real arithmetic: half a step is the rounding to a byte, 2^-13 what
        // doc/quantization.md allows besides.
        for (size_t k = 0; k < expected.size(); k++) {
          const double q = expected[k] / static_cast<double>(tensor.scales[0]) + zero_point;
          ASSERT_NEAR(result[i * expected.size() + k], std::clamp(q, 0.0, 255.0), kBound) << k;
        }
      }
    }
  }
}

}  // namespace classify
