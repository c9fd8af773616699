// SPDX-License-Identifier: BSD-3-Clause
// Dynamic quantization: float32 images between guard pages, their result by definition
// (doc/quantization.md) to the bit, and how far from real arithmetic that may be. A row of a fully
// connected operator is an image of one pixel.
#pragma once

#include <string>
#include <vector>

#include "harness/convolution_case.h"

namespace qnnp {
namespace test {

// What the values of an image are like.
enum class Values {
  normal,
  positive,
  negative,
  constant,
  zeros,
  ties,      // quotients between two integers
  huge,      // high - low overflows
  denormal,  // of which some scales are 0
  count,
};

// Scale and zero point of some values by definition.
struct DynamicQuantization {
  float scale;
  int zero_point;
};
DynamicQuantization dynamic_quantization(const float* x, size_t n);

struct DynamicCase {
  // Every image is drawn anew.
  DynamicCase(const ConvolutionShape& shape, Random& random, Flush flush);

  size_t image_values() const { return shape().height * shape().width * shape().inputs(); }
  const ConvolutionShape& shape() const { return integers.shape; }
  // Images as they are in `values` -> the guarded tensor.
  void write_input();
  qnnp_convolution2d_desc desc() const;
  qnnp_fully_connected_desc fully_connected_desc() const;
  // Bits of [batch][output_height][output_width][outputs].
  std::vector<uint8_t> reference();
  // The reference is within its bound of real arithmetic, where the page says so.
  void expect_accurate();

  float* data() { return reinterpret_cast<float*>(input.data()); }
  size_t input_stride() const { return input.stride() / sizeof(float); }
  size_t output_stride() const { return shape().outputs() + shape().extra_output_stride; }
  GuardedRows make_output(Flush flush) const { return integers.make_output(flush); }

  ConvolutionCase integers;   // kernel and scales; its images are the quantized ones
  std::vector<float> values;  // dense
  std::vector<float> bias;    // empty: none
  GuardedRows input;

 private:
  DynamicQuantization quantize(size_t image);
  void expect_accurate(const DynamicQuantization& q, size_t image, size_t y, size_t x,
                       size_t channel);
};

}  // namespace test
}  // namespace qnnp
