// SPDX-License-Identifier: BSD-3-Clause
//
// Operators of examples/classify that move data: each in a network of its own.

#include "moving_network.h"

namespace classify {
namespace {

const Shape kImage = MovedImage();

// Calls move(y, x, c) for every element of the image.
template <class Move>
void ForEach(const Move& move) {
  for (size_t i = 0; i < 4 * 6 * 8; i++) move(i / 48, i / 8 % 6, i % 8);
}

size_t At(size_t y, size_t x, size_t c) { return (y * 6 + x) * 8 + c; }

template <class Options>
OperatorCase Move(tflite::BuiltinOperator code, Shape output, const Options& options,
                  std::vector<std::pair<Shape, std::vector<int32_t>>> constants,
                  std::function<Reals(const Reals&)> reference) {
  return {tflite::EnumNameBuiltinOperator(code), kImage,
          [=](TfliteMaker& make, int input) {
            std::vector<int> inputs = {input};
            for (const auto& [shape, values] : constants) {
              inputs.push_back(make.Int32(shape, values));
            }
            const int y = Same(make, output);
            make.Op(code, inputs, y, options);
            return y;
          },
          std::move(reference)};
}

Reals Identity(const Reals& x) { return x; }

TEST(Operators, Shapes) {
  CheckOperator(Move(tflite::BuiltinOperator_RESHAPE, {1, 24, 8}, tflite::ReshapeOptionsT(),
                     {{{3}, {1, 24, 8}}}, Identity));
  CheckOperator(
      Move(tflite::BuiltinOperator_SQUEEZE, {4, 6, 8}, tflite::SqueezeOptionsT(), {}, Identity));
  CheckOperator(Move(tflite::BuiltinOperator_EXPAND_DIMS, {1, 4, 1, 6, 8},
                     tflite::PadOptionsT() /* none of its own */, {{{}, {2}}}, Identity));
}

TEST(Operators, Transpose) {
  CheckOperator(Move(tflite::BuiltinOperator_TRANSPOSE, {1, 8, 4, 6}, tflite::TransposeOptionsT(),
                     {{{4}, {0, 3, 1, 2}}}, [](const Reals& in) {
                       Reals out(in.size());
                       ForEach([&](size_t y, size_t x, size_t c) {
                         out[(c * 4 + y) * 6 + x] = in[At(y, x, c)];
                       });
                       return out;
                     }));
}

TEST(Operators, DepthAndSpace) {
  tflite::SpaceToDepthOptionsT to_depth;
  to_depth.block_size = 2;
  CheckOperator(Move(tflite::BuiltinOperator_SPACE_TO_DEPTH, {1, 2, 3, 32}, to_depth, {},
                     [](const Reals& in) {
                       Reals out(in.size());
                       ForEach([&](size_t y, size_t x, size_t c) {
                         const size_t pixel = y / 2 * 3 + x / 2, place = y % 2 * 2 + x % 2;
                         out[(pixel * 4 + place) * 8 + c] = in[At(y, x, c)];
                       });
                       return out;
                     }));
  tflite::DepthToSpaceOptionsT to_space;
  to_space.block_size = 2;
  CheckOperator(Move(tflite::BuiltinOperator_DEPTH_TO_SPACE, {1, 8, 12, 2}, to_space, {},
                     [](const Reals& in) {
                       Reals out(in.size());
                       ForEach([&](size_t y, size_t x, size_t c) {
                         const size_t row = 2 * y + c / 4, column = 2 * x + c / 2 % 2;
                         out[(row * 12 + column) * 2 + c % 2] = in[At(y, x, c)];
                       });
                       return out;
                     }));
}

TEST(Operators, Pad) {
  for (bool has_value : {false, true}) {
    CheckOperator(
        {"PAD", kImage,
         [&](TfliteMaker& make, int input) {
           std::vector<int> inputs = {input, make.Int32({4, 2}, {0, 0, 1, 2, 0, 3, 1, 0})};
           if (has_value) {
             inputs.push_back(make.Constant({1}, kInputScale, kInputZeroPoint, {200}));
           }
           const int y = Same(make, {1, 7, 9, 9});
           make.Op(has_value ? tflite::BuiltinOperator_PADV2 : tflite::BuiltinOperator_PAD, inputs,
                   y);
           return y;
         },
         [&](const Reals& in) {
           const double value = has_value ? static_cast<double>(kInputScale) * 80 : 0;
           Reals out(7 * 9 * 9, value);
           ForEach([&](size_t y, size_t x, size_t c) {
             out[((y + 1) * 9 + x) * 9 + c + 1] = in[At(y, x, c)];
           });
           return out;
         }});
  }
}

TEST(Operators, Slices) {
  const auto channels = [](size_t from, size_t count) {
    return [from, count](const Reals& in) {
      Reals out;
      ForEach([&](size_t y, size_t x, size_t c) {
        if (c >= from && c < from + count) out.push_back(in[At(y, x, c)]);
      });
      return out;
    };
  };
  const auto rows = [](size_t from, size_t count) {
    return [from, count](const Reals& in) {
      Reals out;
      ForEach([&](size_t y, size_t x, size_t c) {
        if (y >= from && y < from + count) out.push_back(in[At(y, x, c)]);
      });
      return out;
    };
  };
  const tflite::PadOptionsT none;
  CheckOperator(Move(tflite::BuiltinOperator_SLICE, {1, 4, 6, 3}, none,
                     {{{4}, {0, 0, 0, 2}}, {{4}, {1, -1, 6, 3}}}, channels(2, 3)));
  CheckOperator(Move(tflite::BuiltinOperator_SLICE, {1, 2, 6, 8}, none,
                     {{{4}, {0, 1, 0, 0}}, {{4}, {-1, 2, -1, -1}}}, rows(1, 2)));
  tflite::StridedSliceOptionsT masks;
  masks.begin_mask = masks.end_mask = 7;
  CheckOperator(Move(tflite::BuiltinOperator_STRIDED_SLICE, {1, 4, 6, 5}, masks,
                     {{{4}, {0, 0, 0, -6}}, {{4}, {0, 0, 0, -1}}, {{4}, {1, 1, 1, 1}}},
                     channels(2, 5)));
  masks = {};
  masks.shrink_axis_mask = 2;
  CheckOperator(Move(tflite::BuiltinOperator_STRIDED_SLICE, {1, 6, 8}, masks,
                     {{{2}, {0, 3}}, {{2}, {1, 0}}, {{2}, {1, 1}}}, rows(3, 1)));
}

// The second of two halves, and the other is not read at all.
TEST(Operators, Split) {
  CheckOperator({"SPLIT", kImage,
                 [](TfliteMaker& make, int input) {
                   tflite::SplitOptionsT options;
                   options.num_splits = 2;
                   const int axis = make.Int32({}, {-1});
                   const int a = Same(make, {1, 4, 6, 4}), b = Same(make, {1, 4, 6, 4});
                   make.Op(tflite::BuiltinOperator_SPLIT, {axis, input}, a, options);
                   make.graph().operators.back()->outputs.push_back(b);
                   return b;
                 },
                 [](const Reals& in) {
                   Reals out;
                   ForEach([&](size_t y, size_t x, size_t c) {
                     if (c >= 4) out.push_back(in[At(y, x, c)]);
                   });
                   return out;
                 }});
}

// Of `in` pixels the two that the output pixel i lies between, and how far from the first.
struct Position {
  size_t low, high;
  double share;
};

Position PositionOf(size_t i, double in, double out, bool aligns, bool has_half) {
  double at =
      aligns ? static_cast<double>(i) * (in - 1) / (out - 1) : static_cast<double>(i) * in / out;
  if (has_half) at = (static_cast<double>(i) + 0.5) * in / out - 0.5;
  at = std::clamp(at, 0.0, in - 1);
  const double low = std::floor(at + 1e-9);
  return {static_cast<size_t>(low), static_cast<size_t>(std::min(low + 1, in - 1)), at - low};
}

TEST(Operators, ResizeBilinear) {
  for (int mode = 0; mode < 3; mode++) {
    const bool aligns = mode == 1, has_half = mode == 2;
    tflite::ResizeBilinearOptionsT options;
    options.align_corners = aligns;
    options.half_pixel_centers = has_half;
    CheckOperator(Move(tflite::BuiltinOperator_RESIZE_BILINEAR, {1, 9, 5, 8}, options,
                       {{{2}, {9, 5}}}, [&](const Reals& in) {
                         Reals out;
                         for (size_t i = 0; i < 9 * 5 * 8; i++) {
                           const Position y = PositionOf(i / 40, 4, 9, aligns, has_half),
                                          x = PositionOf(i / 8 % 5, 6, 5, aligns, has_half);
                           const size_t c = i % 8;
                           const auto row = [&](size_t r) {
                             return in[At(r, x.low, c)] * (1 - x.share) +
                                    in[At(r, x.high, c)] * x.share;
                           };
                           out.push_back(row(y.low) * (1 - y.share) + row(y.high) * y.share);
                         }
                         return out;
                       }));
  }
}

TEST(Operators, ResizeNearest) {
  for (int mode = 0; mode < 3; mode++) {
    tflite::ResizeNearestNeighborOptionsT options;
    options.align_corners = mode == 1;
    options.half_pixel_centers = mode == 2;
    const auto nearest = [mode](size_t i, double in, double out) {
      const auto d = static_cast<double>(i);
      const double at = mode == 0   ? d * in / out
                        : mode == 1 ? d * (in - 1) / (out - 1) + 0.5
                                    : (d + 0.5) * in / out;
      return static_cast<size_t>(std::min(std::floor(at + 1e-9), in - 1));
    };
    CheckOperator(Move(tflite::BuiltinOperator_RESIZE_NEAREST_NEIGHBOR, {1, 9, 5, 8}, options,
                       {{{2}, {9, 5}}}, [&](const Reals& in) {
                         Reals out;
                         for (size_t i = 0; i < 9 * 5 * 8; i++) {
                           out.push_back(
                               in[At(nearest(i / 40, 4, 9), nearest(i / 8 % 5, 6, 5), i % 8)]);
                         }
                         return out;
                       }));
  }
}

// ---- Concatenation

// The input twice and a constant, some with another quantization than the output: copied.
TEST(Operators, ConcatenationCopies) {
  for (int axis : {1, -1}) {
    for (float scale : {kInputScale, 0.05f}) {
      const Shape other = axis == 1 ? Shape{1, 2, 6, 8} : Shape{1, 4, 6, 3};
      const std::vector<uint8_t> data = TestBytes(ElementsOf(other), 4);
      const Reals reals = RealsOf(data, kInputScale, kInputZeroPoint);
      CheckOperator(
          {"CONCATENATION", kImage,
           [&](TfliteMaker& make, int input) {
             const int constant = make.Constant(other, kInputScale, kInputZeroPoint, data);
             const int y =
                 make.Activation(axis == 1 ? Shape{1, 10, 6, 8} : Shape{1, 4, 6, 19}, scale, 115);
             tflite::ConcatenationOptionsT options;
             options.axis = axis;
             make.Op(tflite::BuiltinOperator_CONCATENATION, {input, constant, input}, y, options);
             return y;
           },
           [&](const Reals& in) {
             const size_t outer = axis == 1 ? 1 : 24, row = in.size() / outer,
                          more = reals.size() / outer;
             Reals out;
             for (size_t i = 0; i < outer; i++) {
               out.insert(out.end(), &in[i * row], &in[i * row] + row);
               out.insert(out.end(), &reals[i * more], &reals[i * more] + more);
               out.insert(out.end(), &in[i * row], &in[i * row] + row);
             }
             return out;
           }});
    }
  }
}

}  // namespace
}  // namespace classify
