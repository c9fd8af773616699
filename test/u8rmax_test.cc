// SPDX-License-Identifier: BSD-3-Clause
// Every row of the maximum family; the largest byte stands at every place.
#include "u8rmax/u8rmax.h"

#include <gtest/gtest.h>

#include "harness/draw.h"
#include "harness/guarded_buffer.h"
#include "harness/kernel_matrix.h"

namespace qnnp {
namespace test {
namespace {

TEST(U8Rmax, EveryLengthAndPlace) {
  QNNP_TRACE_SEED();
  for_each_kernel("u8rmax", u8rmax_kernels(), [](const MaxKernel& kernel) {
    SCOPED_TRACE(kernel.name);
    Random random(1);
    for_each_size(1, 6 * 64 + 1, [&](size_t n) {
      for (Flush flush : kFlushes) {
        GuardedBuffer<uint8_t> x(n, flush);
        const uint8_t most = random.byte(1, 255), flip = draw_flip(random);
        for (uint8_t& value : x) value = random.byte(0, static_cast<uint8_t>(most - 1)) ^ flip;
        for (size_t place = 0; place < n; place++) {
          const uint8_t before = x[place];
          x[place] = most ^ flip;
          ASSERT_EQ(most, kernel.run(x.data(), n, flip)) << "at " << place << " of " << n;
          x[place] = before;
        }
        draw_bytes(random, x);
        uint8_t largest = 0;
        for (uint8_t value : x) largest = std::max<uint8_t>(largest, value ^ flip);
        ASSERT_EQ(largest, kernel.run(x.data(), n, flip)) << n;
      }
    });
  });
}

}  // namespace
}  // namespace test
}  // namespace qnnp
