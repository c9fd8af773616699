// SPDX-License-Identifier: BSD-3-Clause
// Every row of the resize family against the definition, and against real numbers.
#include "q8resize/q8resize.h"

#include <gtest/gtest.h>

#include "harness/draw.h"
#include "harness/guarded_buffer.h"
#include "harness/kernel_matrix.h"
#include "harness/resize_definition.h"

namespace qnnp {
namespace test {
namespace {

double draw_fraction(bool coarse, Random& random) {
  if (random.size(0, 7) == 0) return 0;
  return coarse ? static_cast<double>(random.size(0, 127)) / 128 : random.unit();
}

// Rows of `width` pixels, of which each output pixel takes two of either row.
void check(const ResizeKernel& kernel, size_t pixels, size_t n, bool coarse, Random& random) {
  const size_t width = random.size(1, 5), gap = random.coin() ? 0 : random.size(1, 70);
  const uint8_t flip = random.coin() ? 0x80 : 0;
  std::vector<uint8_t> bytes(2 * width * n), expected;
  draw_bytes(random, bytes);
  const double row = draw_fraction(coarse, random);
  std::vector<ResizeTap> taps;
  for (size_t i = 0; i < pixels; i++) {
    const size_t low = random.size(0, width - 1), high = std::min(low + 1, width - 1);
    const double fraction = draw_fraction(coarse, random);
    taps.push_back({low * (n + gap), high * (n + gap), fraction});
    for (size_t c = 0; c < n; c++) {
      const auto at = [&](size_t y, size_t x) {
        return static_cast<uint8_t>(bytes[(y * width + x) * n + c] ^ flip);
      };
      const uint8_t p[4] = {at(0, low), at(0, high), at(1, low), at(1, high)};
      const uint8_t mean = bilinear_definition(p, row, fraction);
      ASSERT_LE(std::abs(mean - bilinear_real(p, row, fraction)), kResizeAccuracy);
      expected.push_back(mean ^ flip);
    }
  }
  for (Flush flush : kFlushes) {
    GuardedRows a(2 * width, n, n + gap, flush);
    GuardedRows c(pixels, n, n + random.size(0, 70), flush);
    a.assign(bytes);
    kernel.run({pixels, n, a.data(), a.data() + width * a.stride(), taps.data(), row, coarse, flip,
                c.data(), c.stride()});
    ASSERT_TRUE(expected == c.dense()) << pixels << " pixels of " << n;
    ASSERT_TRUE(a.intact() && c.intact());
  }
}

TEST(Q8Resize, EveryTail) {
  QNNP_TRACE_SEED();
  for_each_kernel("q8resize", q8resize_kernels(), [](const ResizeKernel& kernel) {
    SCOPED_TRACE(kernel.name);
    Random random(1);
    for_each_size(1, 3 * 64 + 1, [&](size_t n) {
      for (bool coarse : {false, true}) check(kernel, random.size(1, 9), n, coarse, random);
    });
  });
}

// Constant images stay what they are, with any weights.
TEST(Q8Resize, Constant) {
  QNNP_TRACE_SEED();
  for_each_kernel("q8resize", q8resize_kernels(), [](const ResizeKernel& kernel) {
    SCOPED_TRACE(kernel.name);
    Random random(2);
    std::vector<uint8_t> a(256), c(256);
    for (size_t i = 0; i < 256; i++) a[i] = static_cast<uint8_t>(i);
    for (size_t repeat = 0; repeat < effort(2000); repeat++) {
      const ResizeTap tap = {0, 0, random.unit()};
      kernel.run({1, 256, a.data(), a.data(), &tap, random.unit(), false, 0, c.data(), 256});
      ASSERT_TRUE(a == c) << tap.fraction;
    }
  });
}

}  // namespace
}  // namespace test
}  // namespace qnnp
