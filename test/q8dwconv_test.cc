// SPDX-License-Identifier: BSD-3-Clause
// Every row of the depthwise family against the definition: all channel tails, parts of an image,
// borders, tensors between inaccessible pages. A row that is made for one kernel size gets only
// that.
#include "q8dwconv/q8dwconv.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "harness/convolution_case.h"
#include "harness/kernel_matrix.h"
#include "q8dwconv/pack.h"

namespace qnnp {
namespace test {
namespace {

DwconvShape pack_shape(const DwconvKernel& kernel, const ConvolutionCase& c) {
  const ConvolutionShape& s = c.shape;
  return {kernel.format, s.groups, s.kernel_height, s.kernel_width, c.types.kind};
}

GuardedBuffer<uint8_t> pack(const DwconvKernel& kernel, const ConvolutionCase& c) {
  std::vector<float> multipliers;
  for (size_t i = 0; i < c.shape.outputs(); i++) multipliers.push_back(c.multiplier(i));
  const DwconvShape shape = pack_shape(kernel, c);
  GuardedBuffer<uint8_t> packed(shape.bytes().value(), Flush::right);
  const WeightSource source = {c.kernel.data(),     c.has_bias ? c.bias.data() : nullptr,
                               multipliers.data(),  c.input_zero_point,
                               c.kernel_zero_point, 0,
                               c.types.kernel_flip};
  EXPECT_EQ(qnnp_status_success, pack_dwconv(shape, source, packed.data()));
  return packed;
}

// Output rows [first, first + count).
void run(const DwconvKernel& kernel, const ConvolutionCase& c, const uint8_t* zeros,
         const GuardedBuffer<uint8_t>& packed, GuardedRows& out, size_t first, size_t count) {
  const ConvolutionShape& s = c.shape;
  const auto extent = [](size_t value) { return static_cast<ptrdiff_t>(value); };
  const DwconvGeometry geometry = {extent(s.height),
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
                                   extent(c.input->stride()),
                                   extent(out.stride()),
                                   s.groups,
                                   zeros};
  kernel.run({&geometry, packed.data(), pack_shape(kernel, c).block_bytes().value(),
              c.input->data(), extent(first), extent(count), out.data(),
              row_sum_factor(kernel.format.code, c.kernel_zero_point), c.types.params(c.output)},
             c.types.input_flip != 0);
}

// Rows [first, first + count) are the definition's, all others were not written.
void expect_rows(const ConvolutionCase& c, const std::vector<uint8_t>& expected,
                 const GuardedRows& out, size_t first, size_t count) {
  ASSERT_TRUE(out.intact());
  for (size_t pixel = 0; pixel < out.rows(); pixel++) {
    const bool written = pixel / c.shape.output_width() - first < count;
    for (size_t i = 0; i < out.n(); i++) {
      ASSERT_EQ(written ? expected[pixel * out.n() + i] : kCanary, out.at(pixel, i))
          << "pixel " << pixel << " byte " << i;
    }
  }
}

// Codes near their zero point, but for a few: kernels may treat those otherwise.
void draw_near(ConvolutionCase& c, Random& random) {
  const int zero = c.kernel_zero_point;
  const size_t rare = random.size(1, 300);
  for (uint8_t& w : c.kernel) {
    if (random.size(0, rare) == 0) continue;
    w = static_cast<uint8_t>(std::min(std::max<int>(w, zero - 128), zero + 127));
  }
}

// As behind ReLU: kernels may have an ending of its own.
void limit_from_zero(ConvolutionCase& c) {
  c.output.min = c.output.zero_point;
  c.output.max = std::max(c.output.min, c.output.max);
}

void check(const DwconvKernel& kernel, const ConvolutionShape& shape, const ElementTypes& types,
           Random& random) {
  SCOPED_TRACE(std::string(kernel.name) + ": " + shape.text() + types.text());
  const Flush flush = random.coin() ? Flush::left : Flush::right;
  ConvolutionCase c(shape, random, flush);
  if (random.coin()) draw_near(c, random);
  if (random.size(0, 3) == 0) limit_from_zero(c);
  c.set_types(types);
  GuardedBuffer<uint8_t> zeros(shape.groups, flush);
  for (uint8_t& zero : zeros) zero = c.input_zero_point ^ types.input_flip;
  const GuardedBuffer<uint8_t> packed = pack(kernel, c);
  const std::vector<uint8_t> expected = c.reference();
  const size_t height = shape.output_height();

  GuardedRows part = c.make_output(flush), all = c.make_output(flush);
  const size_t first = random.size(0, height - 1), count = random.size(1, height - first);
  run(kernel, c, zeros.data(), packed, part, first, count);
  expect_rows(c, expected, part, first, count);
  for (size_t at = 0, step = 0; at < height; at += step) {
    step = random.size(1, height - at);
    run(kernel, c, zeros.data(), packed, all, at, step);
  }
  expect_rows(c, expected, all, 0, height);
}

void check(const DwconvKernel& kernel, const ConvolutionShape& shape, Random& random) {
  const ElementTypes types = draw_types(random);
  check(kernel, shape, types, random);
}

template <class Body>
void for_each_row(const Body& body) {
  QNNP_TRACE_SEED();
  for_each_kernel("q8dwconv", q8dwconv_kernels(), [&](const DwconvKernel& kernel) {
    if (!::testing::Test::HasFatalFailure()) body(kernel);
  });
}

uint32_t small(Random& random, uint32_t low, uint32_t high) {
  return static_cast<uint32_t>(random.in(low, high));
}

// Any image and padding, with a kernel that this row can do.
ConvolutionShape draw_shape(const DwconvKernel& kernel, Random& random, size_t channels) {
  const bool any = kernel.kernel_height == 0;
  ConvolutionShape s;
  do {
    s.height = random.size(1, 8);
    s.width = random.size(1, 12);
    s.kernel_height = any ? small(random, 1, 6) : kernel.kernel_height;
    s.kernel_width = any ? small(random, 1, 6) : kernel.kernel_width;
    s.stride_height = small(random, 1, 3);
    s.stride_width = any ? small(random, 1, 4) : kernel.subsampling_width;
    s.dilation_height = any && random.coin() ? small(random, 1, 3) : 1;
    s.dilation_width = any && random.coin() ? small(random, 1, 3) : 1;
    const uint32_t most = random.size(0, 3) == 0 ? 7 : 2;
    s.top = small(random, 0, most);
    s.right = small(random, 0, most);
    s.bottom = small(random, 0, most);
    s.left = small(random, 0, most);
  } while (!s.fits());
  s.groups = static_cast<uint32_t>(channels);
  s.extra_input_stride = random.coin() ? 0 : random.size(1, 20);
  s.extra_output_stride = random.coin() ? 0 : random.size(1, 20);
  return s;
}

TEST(Q8Dwconv, EveryChannelTail) {
  for_each_row([](const DwconvKernel& kernel) {
    Random random(1);
    for_each_size(1, 2 * size_t{kernel.format.block} + 1, [&](size_t channels) {
      for (size_t i = 0; i < effort(20); i++) {
        check(kernel, draw_shape(kernel, random, channels), random);
      }
    });
  });
}

// Every width of the image around the kernel's: the window's ring starts and ends in every phase.
TEST(Q8Dwconv, EveryWidth) {
  for_each_row([](const DwconvKernel& kernel) {
    Random random(2);
    for_each_size(1, 30, [&](size_t width) {
      for (size_t i = 0; i < effort(20); i++) {
        ConvolutionShape s = draw_shape(kernel, random, random.size(1, kernel.format.block + 3));
        s.width = width;
        while (!s.fits()) s.right++;
        check(kernel, s, random);
      }
    });
  });
}

// Kernels larger than the image, seen through padding only; also paddings that no tap leaves.
TEST(Q8Dwconv, MostlyPadding) {
  for_each_row([](const DwconvKernel& kernel) {
    Random random(3);
    for (size_t i = 0; i < effort(200); i++) {
      ConvolutionShape s = draw_shape(kernel, random, random.size(1, 40));
      s.height = random.size(1, 2);
      s.width = random.size(1, 2);
      s.top = s.left = small(random, 5, 12);
      s.bottom = s.right = small(random, 5, 12);
      while (!s.fits()) s.bottom = ++s.right;
      check(kernel, s, random);
    }
  });
}

TEST(Q8Dwconv, EveryType) {
  for_each_row([](const DwconvKernel& kernel) {
    Random random(5);
    for (size_t number = 0; number < kElementTypes; number++) {
      for (size_t i = 0; i < effort(20); i++) {
        const size_t channels = random.size(1, 2 * kernel.format.block + 5);
        check(kernel, draw_shape(kernel, random, channels), element_types(number), random);
      }
    }
  });
}

// Rows so long that the kernel cuts them into pieces.
TEST(Q8Dwconv, LongRows) {
  for_each_row([](const DwconvKernel& kernel) {
    Random random(4);
    for (size_t channels : {1, 17, 65}) {
      ConvolutionShape s = draw_shape(kernel, random, channels);
      s.height = s.kernel_height * s.dilation_height;
      s.width = effort(12000 / channels) + 20;
      check(kernel, s, random);
    }
    ConvolutionShape s = draw_shape(kernel, random, 3 * size_t{kernel.format.block} + 5);
    s.extra_input_stride = 4000;
    s.width = 40;
    check(kernel, s, random);
  });
}

}  // namespace
}  // namespace test
}  // namespace qnnp
