// SPDX-License-Identifier: BSD-3-Clause
// Every row of the binary16 conversions against the format's definition: all 65536 values, both
// ways, and what lies between them.
#include "f16convert/f16convert.h"

#include <gtest/gtest.h>

#include "harness/float_data.h"
#include "harness/guarded_buffer.h"
#include "harness/kernel_matrix.h"

namespace qnnp {
namespace test {
namespace {

template <class Body>
void for_each_row(const Body& body) {
  for_each_kernel("f16convert", f16convert_kernels(), [&](const F16Kernel& kernel) {
    SCOPED_TRACE(kernel.name);
    body(kernel);
  });
}

void expect_same(double expected, double actual) {
  if (std::isnan(expected)) {
    ASSERT_TRUE(std::isnan(actual));
  } else {
    ASSERT_EQ(expected, actual);
    ASSERT_EQ(std::signbit(expected), std::signbit(actual));
  }
}

TEST(F16Convert, EveryValueThereAndBack) {
  for_each_row([](const F16Kernel& kernel) {
    std::vector<uint16_t> halves(65536), back(65536);
    std::vector<float> floats(65536);
    for (size_t i = 0; i < 65536; i++) halves[i] = static_cast<uint16_t>(i);
    kernel.widen(halves.data(), floats.data(), 65536);
    kernel.narrow(floats.data(), back.data(), 65536);
    for (size_t i = 0; i < 65536; i++) {
      const double value = half_value(halves[i]);
      ASSERT_NO_FATAL_FAILURE(expect_same(value, static_cast<double>(floats[i]))) << i;
      ASSERT_NO_FATAL_FAILURE(expect_same(value, half_value(back[i]))) << i;
    }
  });
}

// Ties and their neighbours between any two values, and random bits.
TEST(F16Convert, Rounding) {
  QNNP_TRACE_SEED();
  std::vector<float> floats;
  for (uint16_t bits = 0; bits < 0x7c00; bits++) {
    const double next = bits == 0x7bff ? 65536 : half_value(static_cast<uint16_t>(bits + 1));
    const float tie = static_cast<float>((half_value(bits) + next) / 2);
    for (float x : {tie, std::nextafter(tie, 0.0f), std::nextafter(tie, 1e9f)}) {
      floats.push_back(bits % 2 == 0 ? x : -x);
    }
  }
  Random random(1);
  for (size_t i = 0; i < effort(10000); i++) floats.push_back(draw_float(random, 1.0f));
  for_each_row([&](const F16Kernel& kernel) {
    std::vector<uint16_t> halves(floats.size());
    kernel.narrow(floats.data(), halves.data(), floats.size());
    for (size_t i = 0; i < floats.size(); i++) {
      const double expected = half_value(half_from(static_cast<double>(floats[i])));
      ASSERT_NO_FATAL_FAILURE(expect_same(expected, half_value(halves[i])))
          << static_cast<double>(floats[i]);
    }
  });
}

TEST(F16Convert, EveryTail) {
  QNNP_TRACE_SEED();
  for_each_row([](const F16Kernel& kernel) {
    Random random(2);
    for_each_size(1, 100, [&](size_t n) {
      for (Flush flush : kFlushes) {
        GuardedBuffer<uint16_t> halves(n, flush), back(n, flush);
        GuardedBuffer<float> floats(n, flush);
        for (uint16_t& half : halves) half = static_cast<uint16_t>(random.size(0, 0x7bff));
        kernel.widen(halves.data(), floats.data(), n);
        kernel.narrow(floats.data(), back.data(), n);
        for (size_t i = 0; i < n; i++) {
          ASSERT_EQ(half_value(halves[i]), static_cast<double>(floats[i]));
          ASSERT_EQ(halves[i], back[i]);
        }
      }
    });
  });
}

}  // namespace
}  // namespace test
}  // namespace qnnp
