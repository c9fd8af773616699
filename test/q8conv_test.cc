// SPDX-License-Identifier: BSD-3-Clause
// Every row of the indirect convolution family against the definition: kernels are called directly,
// for parts of an image, with runs of taps and of one or more kernel rows, tensors between
// inaccessible pages.
#include "q8conv/q8conv.h"

#include <gtest/gtest.h>

#include "harness/convolution_case.h"
#include "harness/kernel_matrix.h"
#include "q8gemm/pack.h"

namespace qnnp {
namespace test {
namespace {

// What an operator would hand to the kernel; one group of weights at a time.
struct Problem {
  Problem(const ConvKernel& k, const ConvolutionCase& c, size_t rows_per_patch)
      : kernel(k), test(c), patch_rows(rows_per_patch), zeros(c.shape.group_inputs, Flush::right) {
    for (uint8_t& zero : zeros) zero = c.input_zero_point ^ c.types.input_flip;
    for (size_t i = 0; i < c.shape.outputs(); i++) multipliers.push_back(c.multiplier(i));
  }

  PackShape pack_shape() const {
    const ConvolutionShape& s = test.shape;
    const size_t taps = patch_rows == 0 ? 1 : patch_rows * s.kernel_width;
    return {kernel.format, s.group_outputs, s.kernel_height * s.kernel_width / taps,
            taps * s.group_inputs};
  }
  GuardedBuffer<uint8_t> pack(size_t group) const {
    const PackShape shape = pack_shape();
    GuardedBuffer<uint8_t> packed(shape.bytes().value(), Flush::right);
    const size_t channel = group * shape.columns;
    const WeightSource source = {&test.kernel[channel * test.shape.depth()],
                                 test.has_bias ? &test.bias[channel] : nullptr,
                                 &multipliers[channel],
                                 test.input_zero_point,
                                 test.kernel_zero_point,
                                 channel,
                                 test.types.kernel_flip};
    EXPECT_EQ(qnnp_status_success, pack_weights(shape, source, packed.data()));
    return packed;
  }
  ConvGeometry geometry() const {
    const ConvolutionShape& s = test.shape;
    const auto extent = [](size_t value) { return static_cast<ptrdiff_t>(value); };
    const size_t stride = test.input->stride();
    return {extent(s.height),
            extent(s.width),
            extent(s.output_width()),
            extent(s.kernel_height),
            extent(s.kernel_width),
            extent(s.stride_height),
            extent(s.stride_width),
            extent(s.dilation_height),
            extent(s.dilation_width),
            extent(s.top),
            extent(s.left),
            extent(stride),
            s.group_inputs,
            extent(patch_rows),
            s.dilation_width == 1 && stride == s.group_inputs,
            zeros.data()};
  }
  // Output pixels [first, first + count) of one group.
  void run(size_t group, const GuardedBuffer<uint8_t>& packed, GuardedRows& out, size_t first,
           size_t count) const {
    const ConvGeometry shape = geometry();
    const size_t columns = test.shape.group_outputs;
    const Panel panel = {
        packed.data(),
        pack_shape().block_bytes().value(),
        columns,
        out.data() + first * out.stride() + group * columns * element_bytes(test.types.kind),
        out.stride(),
        row_sum_factor(kernel.format.code, test.kernel_zero_point),
        test.types.params(test.output)};
    kernel.run({panel, &shape, test.input->data() + group * test.shape.group_inputs, first, count},
               test.types.input_flip != 0);
  }

  const ConvKernel& kernel;
  const ConvolutionCase& test;
  size_t patch_rows;  // 0: a run is a tap
  GuardedBuffer<uint8_t> zeros;
  std::vector<float> multipliers;
};

// Pixels [first, first + count) are the definition's, all others were not written.
void expect_pixels(const std::vector<uint8_t>& expected, const GuardedRows& out, size_t first,
                   size_t count) {
  ASSERT_TRUE(out.intact());
  for (size_t pixel = 0; pixel < out.rows(); pixel++) {
    const bool written = pixel - first < count;
    for (size_t i = 0; i < out.n(); i++) {
      ASSERT_EQ(written ? expected[pixel * out.n() + i] : kCanary, out.at(pixel, i))
          << "pixel " << pixel << " byte " << i;
    }
  }
}

void check(const ConvKernel& kernel, const ConvolutionShape& shape, const ElementTypes& types,
           Random& random) {
  SCOPED_TRACE(std::string(kernel.name) + ": " + shape.text() + types.text());
  const Flush flush = random.coin() ? Flush::left : Flush::right;
  ConvolutionCase c(shape, random, flush);
  c.set_types(types);
  const std::vector<uint8_t> expected = c.reference();
  const size_t pixels = shape.output_height() * shape.output_width();
  for (size_t patch_rows = 0; patch_rows <= shape.kernel_height; patch_rows++) {
    if (patch_rows * shape.group_inputs * shape.kernel_width > kMaxPatch) break;
    if (patch_rows != 0 && shape.kernel_height % patch_rows != 0) continue;
    SCOPED_TRACE(std::to_string(patch_rows) + " kernel rows a run");
    const Problem problem(kernel, c, patch_rows);
    GuardedRows part = c.make_output(flush), all = c.make_output(flush);
    const size_t first = random.size(0, pixels - 1);
    const size_t count = random.size(1, std::min(pixels - first, kMaxRows));
    for (size_t group = 0; group < shape.groups; group++) {
      const GuardedBuffer<uint8_t> packed = problem.pack(group);
      problem.run(group, packed, part, first, count);
      for (size_t at = 0, step = 0; at < pixels; at += step) {
        step = std::min(pixels - at, random.size(1, kMaxRows));
        problem.run(group, packed, all, at, step);
      }
    }
    expect_pixels(expected, part, first, count);
    expect_pixels(expected, all, 0, pixels);
  }
}

void check(const ConvKernel& kernel, const ConvolutionShape& shape, Random& random) {
  const ElementTypes types = draw_types(random);
  check(kernel, shape, types, random);
}

template <class Body>
void for_each_row(const Body& body) {
  QNNP_TRACE_SEED();
  for_each_kernel("q8conv", q8conv_kernels(), [&](const ConvKernel& kernel) {
    if (!::testing::Test::HasFatalFailure()) body(kernel);
  });
}

uint32_t small(Random& random, uint32_t low, uint32_t high) {
  return static_cast<uint32_t>(random.in(low, high));
}

// One image, kernels up to 5 x 5, strides and dilations up to 3, paddings up to 6.
ConvolutionShape draw_shape(Random& random, size_t inputs, size_t outputs) {
  ConvolutionShape s;
  do {
    s.height = random.size(1, 9);
    s.width = random.size(1, 9);
    s.kernel_height = small(random, 1, 5);
    s.kernel_width = small(random, 1, 5);
    s.stride_height = small(random, 1, 3);
    s.stride_width = small(random, 1, 3);
    s.dilation_height = random.coin() ? 1 : small(random, 1, 3);
    s.dilation_width = random.coin() ? 1 : small(random, 1, 3);
    const uint32_t most = random.size(0, 3) == 0 ? 6 : 2;
    s.top = small(random, 0, most);
    s.right = small(random, 0, most);
    s.bottom = small(random, 0, most);
    s.left = small(random, 0, most);
  } while (!s.fits());
  s.groups = random.size(0, 3) == 0 ? small(random, 2, 3) : 1;
  s.group_inputs = inputs;
  s.group_outputs = outputs;
  s.extra_input_stride = random.coin() ? 0 : random.size(1, 20);
  s.extra_output_stride = random.coin() ? 0 : random.size(1, 20);
  return s;
}

TEST(Q8Conv, EveryNumberOfOutputChannels) {
  for_each_row([](const ConvKernel& kernel) {
    Random random(1);
    for_each_size(1, 2 * size_t{kernel.format.nr} + 1, [&](size_t outputs) {
      check(kernel, draw_shape(random, random.size(1, 20), outputs), random);
    });
  });
}

TEST(Q8Conv, EveryNumberOfInputChannels) {
  for_each_row([](const ConvKernel& kernel) {
    Random random(2);
    for_each_size(1, 70, [&](size_t inputs) {
      check(kernel, draw_shape(random, inputs, random.size(1, kernel.format.nr + 1)), random);
    });
  });
}

// Rows of an image that is dense: a kernel row is one run in memory. All sizes that may be copied.
TEST(Q8Conv, KernelRowsOfFewChannels) {
  for_each_row([](const ConvKernel& kernel) {
    Random random(3);
    for_each_size(2, kMaxPatch, [&](size_t length) {
      const uint32_t inputs = small(random, 1, static_cast<uint32_t>(std::min<size_t>(length, 8)));
      ConvolutionShape s = draw_shape(random, inputs, random.size(1, kernel.format.nr));
      s.groups = 1;
      s.extra_input_stride = 0;
      s.dilation_width = 1;
      s.kernel_width = static_cast<uint32_t>(length) / inputs;
      s.width = s.kernel_width + random.size(0, 12);
      check(kernel, s, random);
    });
  });
}

// Images of few pixels and of more than one call may have; all pixels at the border, or none.
TEST(Q8Conv, ImageSizes) {
  for_each_row([](const ConvKernel& kernel) {
    Random random(4);
    for_each_size(1, 4 * size_t{kernel.format.mr} + 1, [&](size_t pixels) {
      ConvolutionShape s;
      s.height = random.coin() ? 3 : random.size(3, 5);
      s.width = pixels + 2;
      s.kernel_height = s.kernel_width = 3;
      s.left = s.right = s.top = random.coin() ? 1 : 0;
      s.group_inputs = random.size(1, 12);
      s.group_outputs = random.size(1, kernel.format.nr);
      check(kernel, s, random);
    });
  });
}

// More taps, or more channels of a tap, than a band of rows holds at once.
TEST(Q8Conv, DeepPixels) {
  for_each_row([](const ConvKernel& kernel) {
    Random random(7);
    for (size_t channels : {1999, 8200, 16401}) {
      ConvolutionShape s;
      s.height = 3;
      s.width = random.size(3, 5);
      s.kernel_height = channels < 8192 ? 3 : 1;
      s.kernel_width = channels < 8192 ? 3 : 2;
      s.left = s.top = s.bottom = 1;
      s.group_inputs = channels;
      s.group_outputs = random.size(1, 3);
      check(kernel, s, random);
    }
  });
}

// More of the image than a copy of it holds, in types that may be copied (q8conv/turned_window.h).
TEST(Q8Conv, LargeWindows) {
  for_each_row([](const ConvKernel& kernel) {
    Random random(8);
    for (size_t number = 0; number < kElementTypes; number++) {
      if (element_types(number).input_flip == 0) continue;
      ConvolutionShape s = draw_shape(random, random.size(300, 400), random.size(33, 40));
      s.groups = 1;
      s.height = random.size(9, 12);
      s.width = random.size(24, 40);
      s.kernel_height = s.kernel_width = 2;
      s.stride_height = s.stride_width = 1;
      s.dilation_height = s.dilation_width = 1;
      s.extra_input_stride = random.coin() ? 0 : 7;
      check(kernel, s, element_types(number), random);
    }
  });
}

TEST(Q8Conv, EveryType) {
  for_each_row([](const ConvKernel& kernel) {
    Random random(6);
    for (size_t number = 0; number < kElementTypes; number++) {
      for (size_t i = 0; i < effort(20); i++) {
        const size_t outputs = random.size(1, kernel.format.nr + 5);
        check(kernel, draw_shape(random, random.size(1, 40), outputs), element_types(number),
              random);
      }
    }
  });
}

TEST(Q8Conv, RandomShapes) {
  for_each_row([](const ConvKernel& kernel) {
    Random random(5);
    for (size_t i = 0; i < effort(1500); i++) {
      const size_t outputs = random.size(1, 3 * size_t{kernel.format.nr});
      check(kernel, draw_shape(random, random.size(1, 40), outputs), random);
    }
  });
}

}  // namespace
}  // namespace test
}  // namespace qnnp
