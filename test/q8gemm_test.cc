// SPDX-License-Identifier: BSD-3-Clause
// Every row of the GEMM family against the definition: all tails of m, n and k, strides, tensors
// between inaccessible pages, extreme values.
#include "q8gemm/q8gemm.h"

#include <gtest/gtest.h>

#include "harness/gemm_case.h"
#include "harness/kernel_matrix.h"
#include "q8gemm/pack.h"

namespace qnnp {
namespace test {
namespace {

// Packed by the library, ending at an inaccessible page (their size is a multiple of kAlignment).
struct Packed {
  Packed(const TileFormat& format, const GemmCase& c)
      : shape{format, c.n, 1, c.k}, data(shape.bytes().value(), Flush::right) {
    const WeightSource source = {c.kernel.data(),     c.has_bias ? c.bias.data() : nullptr,
                                 c.scales.data(),     c.input_zero_point,
                                 c.kernel_zero_point, 0,
                                 c.types.kernel_flip};
    EXPECT_EQ(qnnp_status_success, pack_weights(shape, source, data.data()));
  }
  PackShape shape;
  GuardedBuffer<uint8_t> data;
};

// Blocks first..first + count of the product.
void run_blocks(const GemmKernel& kernel, const GemmCase& c, const Packed& packed,
                const GuardedRows& a, GuardedRows& out, size_t first, size_t count) {
  const size_t block_bytes = packed.shape.block_bytes().value(), nr = kernel.format.nr;
  const Panel panel = {packed.data.data() + first * block_bytes,
                       block_bytes,
                       std::min(count * nr, c.n - first * nr),
                       out.data() + first * nr * element_bytes(c.types.kind),
                       out.stride(),
                       row_sum_factor(kernel.format.code, c.kernel_zero_point),
                       c.types.params(c.output)};
  kernel.run({panel, c.m, a.data(), a.stride(), c.k}, c.types.input_flip != 0);
}

void check(const GemmKernel& kernel, size_t m, size_t n, size_t k, const ElementTypes& types,
           Random& random) {
  GemmCase c(m, n, k, random);
  c.set_types(types);
  SCOPED_TRACE(std::string(kernel.name) + ": " + c.text());
  const std::vector<uint8_t> expected = c.reference();
  const Packed packed(kernel.format, c);
  for (Flush flush : kFlushes) {
    const GuardedRows a = c.make_a(k + (random.coin() ? 0 : random.size(1, 70)), flush);
    GuardedRows out = c.make_c(n + (random.coin() ? 0 : random.size(1, 70)), flush);
    const size_t blocks = packed.shape.blocks(), first = random.size(0, blocks);
    if (first != 0) run_blocks(kernel, c, packed, a, out, 0, first);
    if (first != blocks) run_blocks(kernel, c, packed, a, out, first, blocks - first);
    ASSERT_TRUE(out.intact());
    for (size_t i = 0; i < m; i++) {
      for (size_t j = 0; j < out.n(); j++) {
        ASSERT_EQ(expected[i * out.n() + j], out.at(i, j)) << "row " << i << " byte " << j;
      }
    }
  }
}

void check(const GemmKernel& kernel, size_t m, size_t n, size_t k, Random& random) {
  const ElementTypes types = draw_types(random);
  check(kernel, m, n, k, types, random);
}

template <class Body>
void for_each_row(const Body& body) {
  QNNP_TRACE_SEED();
  for_each_kernel("q8gemm", q8gemm_kernels(), [&](const GemmKernel& kernel) {
    if (!::testing::Test::HasFatalFailure()) body(kernel);
  });
}

TEST(Q8Gemm, EveryNumberOfRows) {
  for_each_row([](const GemmKernel& kernel) {
    Random random(1);
    const size_t mr = kernel.format.mr, nr = kernel.format.nr, step = kernel.format.step;
    for_each_size(1, 2 * mr + 1, [&](size_t m) {
      for (size_t i = 0; i < effort(20); i++) {
        check(kernel, m, random.size(1, 2 * nr + 1), random.size(1, 3 * step + 2), random);
      }
    });
    check(kernel, kMaxRows, random.size(1, 2 * nr + 1), random.size(1, 40), random);
    check(kernel, random.size(2 * mr, kMaxRows), nr, random.size(1, 40), random);
  });
}

TEST(Q8Gemm, EveryNumberOfColumns) {
  for_each_row([](const GemmKernel& kernel) {
    Random random(2);
    const size_t mr = kernel.format.mr, nr = kernel.format.nr, step = kernel.format.step;
    for_each_size(1, 2 * nr + 1, [&](size_t n) {
      for (size_t i = 0; i < effort(10); i++) {
        check(kernel, random.size(1, mr + 1), n, random.size(1, 3 * step + 2), random);
      }
    });
    check(kernel, 1, 7 * nr + 3, 5, random);
  });
}

TEST(Q8Gemm, EveryDepth) {
  for_each_row([](const GemmKernel& kernel) {
    Random random(3);
    const size_t mr = kernel.format.mr, nr = kernel.format.nr, step = kernel.format.step;
    for_each_size(1, std::max<size_t>(3 * step + 2, 130), [&](size_t k) {
      for (size_t i = 0; i < effort(10); i++) {
        check(kernel, random.size(1, mr), random.size(1, nr), k, random);
      }
    });
    for (size_t k : {255, 256, 1000, 1023, 4099}) {
      if (k <= effort(4099))
        check(kernel, random.size(1, mr + 1), random.size(1, nr + 1), k, random);
    }
  });
}

// The largest depth whose accumulator fits for any data: 33025 * 255 * 255 < 2^31. Both ends of
// both ranges: some multiplier's intermediate sums are largest at each. So deep a row is also more
// than a band holds.
TEST(Q8Gemm, LargestDepthOfFullProducts) {
  for_each_row([](const GemmKernel& kernel) {
    for (int ends = 0; ends < 4; ends++) {
      const uint8_t a = ends & 1 ? 255 : 0, w = ends & 2 ? 255 : 0;
      Random random(4 + ends);
      GemmCase c(kernel.format.mr + 3, 3, 33025, random);
      c.input_zero_point = static_cast<uint8_t>(255 - a);
      c.kernel_zero_point = static_cast<uint8_t>(255 - w);
      c.has_bias = false;
      std::fill(c.a.begin(), c.a.end(), a);
      std::fill(c.kernel.begin(), c.kernel.end(), w);
      std::fill(c.scales.begin(), c.scales.end(), 0x1p-24f);
      c.output = {128, 0, 255};
      const Packed packed(kernel.format, c);
      const GuardedRows rows = c.make_a(c.k, Flush::right);
      GuardedRows out(c.m, c.n, c.n, Flush::right);
      run_blocks(kernel, c, packed, rows, out, 0, packed.shape.blocks());
      const std::vector<uint8_t> expected = c.reference();
      for (size_t i = 0; i < c.m * c.n; i++) ASSERT_EQ(expected[i], out.data()[i]) << kernel.name;
    }
  });
}

// More than one chunk of a band, with all that a row may ask for.
TEST(Q8Gemm, DeepRows) {
  for_each_row([](const GemmKernel& kernel) {
    Random random(8);
    for (size_t k : {8192, 16385, 20001}) {
      check(kernel, random.size(1, kernel.format.mr + 3), random.size(1, kernel.format.nr + 2), k,
            random);
    }
  });
}

// More than a copy of rows holds, in types whose rows may be copied (q8gemm/turned_rows.h).
TEST(Q8Gemm, ManyDeepRows) {
  for_each_row([](const GemmKernel& kernel) {
    Random random(9);
    for (size_t number = 0; number < kElementTypes; number++) {
      if (element_types(number).input_flip == 0) continue;
      check(kernel, random.size(60, 128), random.size(33, 40), random.size(1000, 1600),
            element_types(number), random);
    }
  });
}

TEST(Q8Gemm, EveryType) {
  for_each_row([](const GemmKernel& kernel) {
    Random random(7);
    for (size_t number = 0; number < kElementTypes; number++) {
      for (size_t i = 0; i < effort(20); i++) {
        check(kernel, random.size(1, 2 * kernel.format.mr + 1), random.size(1, 100),
              random.size(1, 100), element_types(number), random);
      }
    }
  });
}

TEST(Q8Gemm, RandomSizes) {
  for_each_row([](const GemmKernel& kernel) {
    Random random(6);
    for (size_t i = 0; i < effort(1500); i++) {
      check(kernel, random.size(1, 4 * kernel.format.mr), random.size(1, 3 * kernel.format.nr),
            random.size(1, 100), random);
    }
  });
}

}  // namespace
}  // namespace test
}  // namespace qnnp
