// SPDX-License-Identifier: BSD-3-Clause
//
// Operators of examples/classify that compute: each in a network of its own.

#include "classify_operators.h"

namespace classify {
namespace {

const Shape kImage = {1, 5, 6, 7};

Reals Map(const Reals& x, const std::function<double(double)>& f) {
  Reals y;
  for (double value : x) y.push_back(f(value));
  return y;
}

// ---- Functions of one element

struct Function {
  tflite::BuiltinOperator code;
  float scale;  // of the output
  int zero_point;
  double (*f)(double x);
};

const Function kFunctions[] = {
    {tflite::BuiltinOperator_LOGISTIC, 1.0f / 256, 0,
     [](double x) { return 1 / (1 + std::exp(-x)); }},
    {tflite::BuiltinOperator_TANH, 1.0f / 128, 128, [](double x) { return std::tanh(x); }},
    {tflite::BuiltinOperator_HARD_SWISH, 0.03f, 20,
     [](double x) { return x * std::clamp(x + 3, 0.0, 6.0) / 6; }},
    {tflite::BuiltinOperator_ELU, 0.03f, 60, [](double x) { return x < 0 ? std::expm1(x) : x; }},
    {tflite::BuiltinOperator_RELU, 0.03f, 10, [](double x) { return std::max(x, 0.0); }},
    {tflite::BuiltinOperator_RELU6, 0.03f, 10, [](double x) { return std::clamp(x, 0.0, 6.0); }},
    {tflite::BuiltinOperator_RELU_N1_TO_1, 0.03f, 90,
     [](double x) { return std::clamp(x, -1.0, 1.0); }},
    {tflite::BuiltinOperator_QUANTIZE, 0.07f, 100, [](double x) { return x; }},
};

TEST(Operators, Activations) {
  for (const Function& function : kFunctions) {
    CheckOperator({tflite::EnumNameBuiltinOperator(function.code), kImage,
                   [&](TfliteMaker& make, int input) {
                     const int y = make.Activation(kImage, function.scale, function.zero_point);
                     make.Op(function.code, {input}, y);
                     return y;
                   },
                   [&](const Reals& x) { return Map(x, function.f); }});
  }
}

TEST(Operators, LeakyRelu) {
  for (float alpha : {0.0f, 0.3f}) {
    CheckOperator({"LEAKY_RELU", kImage,
                   [&](TfliteMaker& make, int input) {
                     tflite::LeakyReluOptionsT options;
                     options.alpha = alpha;
                     const int y = make.Activation(kImage, 0.05f, 90);
                     make.Op(tflite::BuiltinOperator_LEAKY_RELU, {input}, y, options);
                     return y;
                   },
                   [&](const Reals& x) {
                     return Map(
                         x, [&](double v) { return v < 0 ? v * static_cast<double>(alpha) : v; });
                   }});
  }
}

TEST(Operators, Prelu) {
  for (int count : {1, 7}) {
    const std::vector<uint8_t> slopes = TestBytes(static_cast<size_t>(count), 3);
    const Reals real_slopes = RealsOf(slopes, 0.01f, 100);
    CheckOperator({"PRELU", kImage,
                   [&](TfliteMaker& make, int input) {
                     const int y = make.Activation(kImage, 0.05f, 90);
                     make.Op(tflite::BuiltinOperator_PRELU,
                             {input, make.Constant({1, 1, count}, 0.01f, 100, slopes)}, y);
                     return y;
                   },
                   [&](const Reals& x) {
                     Reals y = x;
                     for (size_t i = 0; i < y.size(); i++) {
                       if (y[i] < 0) y[i] *= real_slopes[i % real_slopes.size()];
                     }
                     return y;
                   }});
  }
}

TEST(Operators, Softmax) {
  CheckOperator({"SOFTMAX", kImage,
                 [](TfliteMaker& make, int input) {
                   tflite::SoftmaxOptionsT options;
                   options.beta = 0.5f;
                   const int y = make.Activation(kImage, 1.0f / 256, 0);
                   make.Op(tflite::BuiltinOperator_SOFTMAX, {input}, y, options);
                   return y;
                 },
                 [](const Reals& x) {
                   Reals y = Map(x, [](double v) { return std::exp(0.5 * v); });
                   for (size_t row = 0; row < y.size(); row += 7) {
                     double sum = 0;
                     for (size_t i = row; i < row + 7; i++) sum += y[i];
                     for (size_t i = row; i < row + 7; i++) y[i] /= sum;
                   }
                   return y;
                 }});
}

// ---- Two operands

double Compute(tflite::BuiltinOperator code, double a, double b) {
  return code == tflite::BuiltinOperator_ADD   ? a + b
         : code == tflite::BuiltinOperator_SUB ? a - b
                                               : a * b;
}

template <class Options>
Options Fused() {
  Options options;
  options.fused_activation_function = tflite::ActivationFunctionType_RELU6;
  return options;
}

void AddBinary(TfliteMaker& make, tflite::BuiltinOperator code, std::vector<int> inputs, int y) {
  if (code == tflite::BuiltinOperator_ADD) {
    make.Op(code, std::move(inputs), y, Fused<tflite::AddOptionsT>());
  } else if (code == tflite::BuiltinOperator_SUB) {
    make.Op(code, std::move(inputs), y, Fused<tflite::SubOptionsT>());
  } else {
    make.Op(code, std::move(inputs), y, Fused<tflite::MulOptionsT>());
  }
}

TEST(Operators, Binary) {
  const Shape operands[] = {kImage, {7}, {1, 1, 1, 7}, {1}, {}};
  for (auto code :
       {tflite::BuiltinOperator_ADD, tflite::BuiltinOperator_SUB, tflite::BuiltinOperator_MUL}) {
    for (const Shape& operand : operands) {
      for (bool is_left : {false, true}) {
        SCOPED_TRACE(Concat(operand.size(), is_left));
        const std::vector<uint8_t> data = TestBytes(ElementsOf(operand), 5);
        const Reals b = RealsOf(data, 0.03f, 110);
        CheckOperator(
            {tflite::EnumNameBuiltinOperator(code), kImage,
             [&](TfliteMaker& make, int input) {
               const int other = make.Constant(operand, 0.03f, 110, data);
               const int y = make.Activation(kImage, 0.06f, 60);
               AddBinary(make, code, {is_left ? other : input, is_left ? input : other}, y);
               return y;
             },
             [&](const Reals& x) {
               Reals y = x;
               for (size_t i = 0; i < y.size(); i++) {
                 const double second = b[i % b.size()];
                 y[i] = is_left ? Compute(code, second, x[i]) : Compute(code, x[i], second);
                 // The limit is a quantized value: 6 / 0.06 steps.
                 y[i] = std::clamp(y[i], 0.0, 6.0);
               }
               return y;
             }});
      }
    }
    CheckOperator({"of itself", kImage,
                   [&](TfliteMaker& make, int input) {
                     const int y = make.Activation(kImage, 0.06f, 60);
                     AddBinary(make, code, {input, input}, y);
                     return y;
                   },
                   [&](const Reals& x) {
                     return Map(
                         x, [&](double v) { return std::clamp(Compute(code, v, v), 0.0, 6.0); });
                   }});
  }
}

// ---- Windows and reductions

// SAME padding, NHWC 1x5x6x7.
Reals Pooled(const Reals& x, bool is_max, int window, int stride) {
  const int height = 5, width = 6, channels = 7;
  const int out_height = (height + stride - 1) / stride, out_width = (width + stride - 1) / stride;
  const int top = std::max(0, (out_height - 1) * stride + window - height) / 2,
            left = std::max(0, (out_width - 1) * stride + window - width) / 2;
  Reals y;
  for (int oy = 0; oy < out_height; oy++) {
    for (int ox = 0; ox < out_width; ox++) {
      for (int c = 0; c < channels; c++) {
        double sum = 0, most = -1e9;
        int count = 0;
        for (int iy = std::max(0, oy * stride - top);
             iy < std::min(height, oy * stride - top + window); iy++) {
          for (int ix = std::max(0, ox * stride - left);
               ix < std::min(width, ox * stride - left + window); ix++) {
            const double value = x[static_cast<size_t>((iy * width + ix) * channels + c)];
            sum += value;
            most = std::max(most, value);
            count++;
          }
        }
        y.push_back(is_max ? most : sum / count);
      }
    }
  }
  return y;
}

TEST(Operators, Pooling) {
  for (bool is_max : {false, true}) {
    for (const auto& [size, step] : {std::pair{3, 2}, {2, 1}, {1, 1}, {1, 2}}) {
      SCOPED_TRACE(size);
      CheckOperator({is_max ? "MAX_POOL_2D" : "AVERAGE_POOL_2D", kImage,
                     [&, window = size, stride = step](TfliteMaker& make, int input) {
                       tflite::Pool2DOptionsT options;
                       options.padding = tflite::Padding_SAME;
                       options.stride_h = options.stride_w = stride;
                       options.filter_height = options.filter_width = window;
                       const int y = make.Activation(
                           {1, (5 + stride - 1) / stride, (6 + stride - 1) / stride, 7},
                           is_max ? kInputScale : 0.03f, is_max ? kInputZeroPoint : 99);
                       make.Op(is_max ? tflite::BuiltinOperator_MAX_POOL_2D
                                      : tflite::BuiltinOperator_AVERAGE_POOL_2D,
                               {input}, y, options);
                       return y;
                     },
                     [&, window = size, stride = step](const Reals& x) {
                       return Pooled(x, is_max, window, stride);
                     }});
    }
  }
}

struct Reduction {
  std::vector<int32_t> axes;
  Shape output;
};

TEST(Operators, Reductions) {
  const Reduction reductions[] = {
      {{1, 2}, {1, 7}}, {{2, -3}, {1, 1, 1, 7}}, {{3}, {1, 5, 6}},
      {{1}, {1, 6, 7}}, {{1, 3}, {1, 6}},
  };
  for (bool is_max : {false, true}) {
    for (const Reduction& r : reductions) {
      CheckOperator(
          {is_max ? "REDUCE_MAX" : "MEAN", kImage,
           [&](TfliteMaker& make, int input) {
             const int y = make.Activation(r.output, is_max ? kInputScale : 0.02f,
                                           is_max ? kInputZeroPoint : 130);
             make.Op(is_max ? tflite::BuiltinOperator_REDUCE_MAX : tflite::BuiltinOperator_MEAN,
                     {input, make.Int32({static_cast<int32_t>(r.axes.size())}, r.axes)}, y,
                     tflite::ReducerOptionsT());
             return y;
           },
           [&](const Reals& x) {
             bool is_reduced[4] = {};
             for (int32_t axis : r.axes) is_reduced[(axis + 4) % 4] = true;
             const size_t count = ElementsOf(r.output);
             Reals y(count, is_max ? -1e9 : 0.0);
             for (size_t i = 0; i < x.size(); i++) {
               const size_t at[4] = {0, i / 42, i / 7 % 6, i % 7}, sizes[4] = {1, 5, 6, 7};
               size_t to = 0;
               for (size_t d = 0; d < 4; d++) {
                 if (!is_reduced[d]) to = to * sizes[d] + at[d];
               }
               const double share = static_cast<double>(x.size() / count);
               y[to] = is_max ? std::max(y[to], x[i]) : y[to] + x[i] / share;
             }
             return y;
           }});
    }
  }
}

// ---- Matrices

TEST(Operators, BatchMatMul) {
  for (bool transposes : {false, true}) {
    const std::vector<uint8_t> data = TestBytes(5 * 7 * 3, 8);
    const Reals b = RealsOf(data, 0.02f, 130);
    CheckOperator({"BATCH_MATMUL", kImage,
                   [&](TfliteMaker& make, int input) {
                     tflite::BatchMatMulOptionsT options;
                     options.adj_y = transposes;
                     const Shape shape = transposes ? Shape{1, 5, 3, 7} : Shape{1, 5, 7, 3};
                     const int y = make.Activation({1, 5, 6, 3}, 0.2f, 127);
                     make.Op(tflite::BuiltinOperator_BATCH_MATMUL,
                             {input, make.Constant(shape, 0.02f, 130, data)}, y, options);
                     return y;
                   },
                   [&](const Reals& x) {
                     Reals y;
                     for (size_t row = 0; row < 30; row++) {
                       for (size_t n = 0; n < 3; n++) {
                         double sum = 0;
                         for (size_t k = 0; k < 7; k++) {
                           const size_t at = transposes ? n * 7 + k : k * 3 + n;
                           sum += x[row * 7 + k] * b[row / 6 * 21 + at];
                         }
                         y.push_back(sum);
                       }
                     }
                     return y;
                   }});
  }
}

struct Stretch {
  tflite::Padding padding;
  int stride, kernel, height, width, top, left;  // output; padding before it
};

TEST(Operators, TransposeConv) {
  const Stretch cases[] = {
      {tflite::Padding_SAME, 2, 3, 10, 12, 0, 0},  {tflite::Padding_SAME, 1, 3, 5, 6, 1, 1},
      {tflite::Padding_VALID, 2, 3, 11, 13, 0, 0}, {tflite::Padding_VALID, 2, 3, 12, 14, 0, 0},
      {tflite::Padding_SAME, 2, 4, 9, 11, 1, 1},   {tflite::Padding_VALID, 2, 1, 10, 12, 0, 0},
  };
  for (const Stretch& c : cases) {
    SCOPED_TRACE(c.height);
    const auto k = static_cast<size_t>(c.kernel);
    const std::vector<uint8_t> data = TestBytes(3 * k * k * 7, 9);
    const Reals w = RealsOf(data, 0.02f, 130);
    CheckOperator(
        {"TRANSPOSE_CONV", kImage,
         [&](TfliteMaker& make, int input) {
           tflite::TransposeConvOptionsT options;
           options.padding = c.padding;
           options.stride_h = options.stride_w = c.stride;
           const int shape = make.Int32({4}, {1, c.height, c.width, 3});
           const int weights = make.Constant({3, c.kernel, c.kernel, 7}, 0.02f, 130, data);
           const int bias = make.Int32({3}, {1000, -2000, 500});
           const int y = make.Activation({1, c.height, c.width, 3}, 0.3f, 125);
           make.Op(tflite::BuiltinOperator_TRANSPOSE_CONV, {shape, weights, input, bias}, y,
                   options);
           return y;
         },
         [&](const Reals& x) {
           const auto height = static_cast<size_t>(c.height), width = static_cast<size_t>(c.width);
           const double unit = static_cast<double>(kInputScale) * static_cast<double>(0.02f);
           Reals y;
           for (size_t i = 0; i < height * width; i++) {
             y.insert(y.end(), {1000 * unit, -2000 * unit, 500 * unit});
           }
           for (size_t i = 0; i < 30 * k * k; i++) {
             const size_t pixel = i / (k * k), ky = i / k % k, kx = i % k;
             const int oy = static_cast<int>(pixel / 6) * c.stride + static_cast<int>(ky) - c.top,
                       ox = static_cast<int>(pixel % 6) * c.stride + static_cast<int>(kx) - c.left;
             if (oy < 0 || oy >= c.height || ox < 0 || ox >= c.width) continue;
             for (size_t o = 0; o < 3; o++) {
               double& sum = y[(static_cast<size_t>(oy) * width + static_cast<size_t>(ox)) * 3 + o];
               for (size_t n = 0; n < 7; n++) {
                 sum += x[pixel * 7 + n] * w[((o * k + ky) * k + kx) * 7 + n];
               }
             }
           }
           return y;
         }});
  }
}

// ---- Other types of data

TEST(Operators, FloatInAndOut) {
  for (bool is_signed : {false, true}) {
    TfliteMaker make(is_signed);
    const int input = make.Computed({1, 4}, tflite::TensorType_FLOAT32);
    const int q = make.Activation({1, 4}, 0.5f, 100);
    const int output = make.Computed({1, 4}, tflite::TensorType_FLOAT32);
    make.Op(tflite::BuiltinOperator_QUANTIZE, {input}, q);
    make.Op(tflite::BuiltinOperator_DEQUANTIZE, {q}, output);
    const Model model = ParseModel(make.Finish(input, output));
    Network network(model, 1);
    const float values[] = {0.0f, 1.3f, -7.1f, 1000.0f}, expected[] = {0.0f, 1.5f, -7.0f, 77.5f};
    ASSERT_EQ(network.input_size(), sizeof(values));
    network.SetInput(reinterpret_cast<const uint8_t*>(values));
    network.Run();
    for (size_t i = 0; i < 4; i++) {
      EXPECT_EQ(network.Output(i), static_cast<double>(expected[i])) << i;
    }
  }
}

TEST(Operators, QuantizeToTheOtherType) {
  TfliteMaker make(false);
  const int input = make.Activation({1, 256}, 0.5f, 100),
            output = make.Activation({1, 256}, 0.5f, 100);
  make.graph().tensors.back()->type = tflite::TensorType_INT8;
  make.graph().tensors.back()->quantization->zero_point = {-28};
  make.Op(tflite::BuiltinOperator_QUANTIZE, {input}, output);
  const Model model = ParseModel(make.Finish(input, output));
  Network network(model, 1);
  std::vector<uint8_t> bytes = TestBytes(256, 2);
  network.SetInput(bytes.data());
  network.Run();
  EXPECT_EQ(network.TensorBytes(output), Flipped(bytes));
}

TEST(Operators, ArgMax) {
  for (bool is_signed : {false, true}) {
    for (auto type : {tflite::TensorType_INT32, tflite::TensorType_INT64}) {
      TfliteMaker make(is_signed);
      const int input = make.Activation({1, 30, 9}, 0.5f, 100);
      const int output = make.Computed({1, 30}, type);
      make.Op(tflite::BuiltinOperator_ARG_MAX, {input, make.Int32({}, {-1})}, output,
              tflite::ArgMaxOptionsT());
      const Model model = ParseModel(make.Finish(input, output));
      Network network(model, 1);
      const std::vector<uint8_t> bytes = TestBytes(270, 2);
      network.SetInput((is_signed ? Flipped(bytes) : bytes).data());
      network.Run();
      for (size_t i = 0; i < 30; i++) {
        const auto row = bytes.begin() + static_cast<ptrdiff_t>(i * 9);
        EXPECT_EQ(network.Output(i), static_cast<double>(std::max_element(row, row + 9) - row));
      }
    }
  }
}

}  // namespace
}  // namespace classify
