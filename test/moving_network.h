// SPDX-License-Identifier: BSD-3-Clause
//
// Networks that concatenate and move data, for the tests of examples/classify.
#pragma once

#include <utility>
#include <vector>

#include "classify_operators.h"

namespace classify {

inline int Same(TfliteMaker& make, const Shape& shape) {
  return make.Activation(shape, kInputScale, kInputZeroPoint);
}

// 1x4x6x8, the input of all of them.
inline Shape MovedImage() { return {1, 4, 6, 8}; }

// Two convolutions of one input, which a concatenation may join.
struct Branches {
  explicit Branches(bool is_signed) : make(is_signed) {
    input = make.Activation(MovedImage(), kInputScale, kInputZeroPoint);
    for (int32_t channels : {5, 3}) {
      parts.push_back(make.Activation({1, 4, 6, channels}, 0.1f, 100));
      tflite::Conv2DOptionsT options;
      options.stride_h = options.stride_w = 1;
      make.Op(tflite::BuiltinOperator_CONV_2D,
              {input, make.Weights({channels, 3, 3, 8}, 0, 0.01f, 128)}, parts.back(), options);
    }
  }
  int Concatenate(const std::vector<int>& inputs, int32_t channels) {
    const int y = make.Activation({1, 4, 6, channels}, 0.1f, 100);
    tflite::ConcatenationOptionsT options;
    options.axis = 3;
    make.Op(tflite::BuiltinOperator_CONCATENATION, inputs, y, options);
    return y;
  }

  TfliteMaker make;
  int input;
  std::vector<int> parts;
};

// Two branches joined, then one operator after the other.
inline TfliteMaker MakeMovingNetwork() {
  Branches branches(true);
  TfliteMaker& make = branches.make;
  const int joined = branches.Concatenate(branches.parts, 8);
  const auto next = [&make](const Shape& shape) { return make.Activation(shape, 0.1f, 100); };
  int x = joined;
  const auto add = [&](tflite::BuiltinOperator code, const Shape& shape,
                       const std::vector<int>& constants) {
    std::vector<int> inputs = {x};
    inputs.insert(inputs.end(), constants.begin(), constants.end());
    x = next(shape);
    make.Op(code, inputs, x);
    return &make.graph().operators.back()->builtin_options;
  };
  add(tflite::BuiltinOperator_TRANSPOSE, {1, 6, 4, 8}, {make.Int32({4}, {0, 2, 1, 3})});
  add(tflite::BuiltinOperator_PAD, {1, 8, 4, 8}, {make.Int32({4, 2}, {0, 0, 1, 1, 0, 0, 0, 0})});
  tflite::SpaceToDepthOptionsT block;
  block.block_size = 2;
  add(tflite::BuiltinOperator_SPACE_TO_DEPTH, {1, 4, 2, 32}, {})->Set(std::move(block));
  add(tflite::BuiltinOperator_RESIZE_BILINEAR, {1, 3, 3, 32}, {make.Int32({2}, {3, 3})})
      ->Set(tflite::ResizeBilinearOptionsT());
  add(tflite::BuiltinOperator_SLICE, {1, 3, 3, 20},
      {make.Int32({4}, {0, 0, 0, 4}), make.Int32({4}, {1, 3, 3, 20})});
  add(tflite::BuiltinOperator_STRIDED_SLICE, {1, 2, 3, 20},
      {make.Int32({2}, {0, 1}), make.Int32({2}, {1, 3}), make.Int32({2}, {1, 1})})
      ->Set(tflite::StridedSliceOptionsT());
  add(tflite::BuiltinOperator_PRELU, {1, 2, 3, 20},
      {make.Constant({20}, 0.01f, 100, TestBytes(20, 1))});
  add(tflite::BuiltinOperator_MUL, {1, 2, 3, 20},
      {make.Constant({20}, 0.01f, 100, TestBytes(20, 2))});
  const int half = next({1, 2, 3, 10}), other = next({1, 2, 3, 10});
  make.Op(tflite::BuiltinOperator_SPLIT, {make.Int32({}, {3}), x}, half, tflite::SplitOptionsT());
  make.graph().operators.back()->outputs.push_back(other);
  x = next({1, 2, 3, 3});
  make.Op(tflite::BuiltinOperator_BATCH_MATMUL,
          {half, make.Constant({1, 2, 10, 3}, 0.02f, 128, TestBytes(60, 3))}, x,
          tflite::BatchMatMulOptionsT());
  add(tflite::BuiltinOperator_REDUCE_MAX, {1, 2, 3}, {make.Int32({1}, {2})})
      ->Set(tflite::ReducerOptionsT());
  make.graph().inputs = {branches.input};
  make.graph().outputs = {x};
  return std::move(make);
}

}  // namespace classify
