// SPDX-License-Identifier: BSD-3-Clause
// The fully connected operator against its definition: every instruction set, thread pools, sizes,
// strides, types; clones; repeated setup; empty batches.
#include <gtest/gtest.h>
#include <qnnpack.h>

#include <cmath>
#include <thread>

#include "harness/failing_allocator.h"
#include "harness/gemm_case.h"
#include "harness/isa.h"
#include "harness/threads.h"

namespace qnnp {
namespace test {
namespace {

qnnp_fully_connected_desc describe(const GemmCase& c) {
  qnnp_fully_connected_desc desc = QNNP_FULLY_CONNECTED_DESC_INIT;
  desc.input_channels = c.k;
  desc.output_channels = c.n;
  desc.input_scale = desc.output_scale = 1.0f;  // a kernel scale is the multiplier
  desc.kernel_scales = c.scales.data();
  desc.kernel = c.kernel.data();
  desc.bias = c.has_bias ? c.bias.data() : nullptr;
  describe_types(c.types, c.input_zero_point, c.kernel_zero_point, c.output, &desc);
  return desc;
}

qnnp_operator_t create(const GemmCase& c) {
  const qnnp_fully_connected_desc desc = describe(c);
  qnnp_operator_t op = nullptr;
  EXPECT_EQ(qnnp_status_success, qnnp_create_fully_connected(&desc, &op)) << qnnp_get_last_error();
  return op;
}

enum qnnp_status setup(qnnp_operator_t op, const GuardedRows& a, GuardedRows& out) {
  return qnnp_setup_fully_connected_nc_q8(op, a.rows(), a.data(), a.stride(), out.data(),
                                          out.stride());
}
enum qnnp_status setup(qnnp_operator_t op, const GemmCase& c, const GuardedRows& a,
                       GuardedRows& out) {
  if (c.types.kind == OutputKind::bytes) return setup(op, a, out);
  return qnnp_setup_fully_connected(op, a.rows(), a.data(), a.stride(), out.data(),
                                    out.stride() / element_bytes(c.types.kind));
}

void expect_rows(const std::vector<uint8_t>& expected, const GuardedRows& out) {
  ASSERT_TRUE(out.intact());
  for (size_t i = 0; i < out.rows(); i++) {
    for (size_t j = 0; j < out.n(); j++) {
      ASSERT_EQ(expected[i * out.n() + j], out.at(i, j)) << "row " << i << " byte " << j;
    }
  }
}

void expect_result(qnnp_operator_t op, const GemmCase& c, const GuardedRows& a, size_t stride,
                   const std::vector<uint8_t>& expected, pthreadpool_t pool) {
  GuardedRows out = c.make_c(stride, Flush::right);
  ASSERT_EQ(qnnp_status_success, setup(op, c, a, out)) << qnnp_get_last_error();
  ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op, pool));
  expect_rows(expected, out);
}

void check(size_t m, size_t n, size_t k, uint64_t salt, bool pools) {
  QNNP_TRACE_SEED();
  Random random(salt);
  GemmCase c(m, n, k, random);
  c.set_types(draw_types(random));
  SCOPED_TRACE(c.text());
  const size_t extra_a = random.coin() ? 0 : random.size(1, 80);
  const size_t stride = n + (random.coin() ? 0 : random.size(1, 80));
  const GuardedRows a = c.make_a(k + extra_a, random.coin() ? Flush::left : Flush::right);
  const std::vector<uint8_t> expected = c.reference();
  for_each_isa([&] {
    qnnp_operator_t op = create(c);
    ASSERT_NE(nullptr, op);
    if (pools) {
      for_each_pool([&](pthreadpool_t pool) { expect_result(op, c, a, stride, expected, pool); });
    } else {
      expect_result(op, c, a, stride, expected, nullptr);
    }
    EXPECT_EQ(qnnp_status_success, qnnp_delete_operator(op));
  });
}

TEST(FullyConnected, EveryBatch) {
  Random random(1);
  for_each_size(1, 33, [&](size_t m) {
    check(m, random.size(1, 70), random.size(1, 90), 100 + m, m % 4 == 0);
  });
  for (size_t m : {127, 128, 129, 300}) check(m, 37, 19, 200 + m, true);
}

TEST(FullyConnected, OnesAndPrimes) {
  constexpr size_t kSizes[] = {1, 2, 3, 5, 7, 13, 31, 67, 131};
  uint64_t salt = 1000;
  for (size_t n : kSizes) {
    for (size_t k : kSizes) {
      check(1, n, k, salt++, n == k);
      check(3, n, k, salt++, n == k);
    }
  }
}

// Enough work for rows and columns to be spread over threads.
TEST(FullyConnected, LargeOnEveryPool) {
  const auto part = [](size_t size) { return std::max<size_t>(effort(size), size / 4); };
  check(1, part(1001), part(1283), 2000, true);
  check(7, part(1283), part(257), 2001, true);
  check(200, part(129), part(301), 2002, true);
  check(129, part(1031), part(67), 2003, true);
  check(400, 1, part(1009), 2004, true);
}

TEST(FullyConnected, RandomSizes) {
  Random random(2);
  for (size_t i = 0; i < effort(100); i++) {
    check(random.size(1, 40), random.size(1, 200), random.size(1, 300), 3000 + i, i % 8 == 0);
  }
}

TEST(FullyConnected, RepeatedSetup) {
  QNNP_TRACE_SEED();
  for_each_isa([] {
    Random random(3);
    GemmCase c(12, 21, 34, random);
    c.set_types(draw_types(random));
    qnnp_operator_t op = create(c);
    for (size_t i = 0; i < 5; i++) {
      GemmCase part = c;
      part.m = i % 2 == 0 ? c.m - i : 1 + i;
      part.a.resize(part.m * c.k);
      const GuardedRows a = part.make_a(c.k + i, Flush::left);
      expect_result(op, part, a, c.n + 2 * i, part.reference(), nullptr);
    }
    qnnp_delete_operator(op);
  });
}

TEST(FullyConnected, RunReadsItsBuffersAnew) {
  QNNP_TRACE_SEED();
  Random random(4);
  GemmCase c(3, 21, 34, random);
  qnnp_operator_t op = create(c);
  GuardedRows a = c.make_a(c.k, Flush::right), out(c.m, c.n, c.n, Flush::right);
  ASSERT_EQ(qnnp_status_success, setup(op, a, out));
  for (int i = 0; i < 3; i++) {
    ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op, nullptr));
    ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op, nullptr));
    expect_rows(c.reference(), out);
    random.fill(c.a);
    auto next = c.a.begin();
    a.fill([&] { return *next++; });
  }
  qnnp_delete_operator(op);
}

// Everything is copied in create: the caller's weights, bias and scales may go.
TEST(FullyConnected, KeepsNothingOfTheCaller) {
  QNNP_TRACE_SEED();
  Random random(5);
  GemmCase c(3, 21, 34, random);
  const std::vector<uint8_t> expected = c.reference();
  qnnp_operator_t op = create(c);
  std::fill(c.kernel.begin(), c.kernel.end(), uint8_t{99});
  std::fill(c.bias.begin(), c.bias.end(), 12345);
  std::fill(c.scales.begin(), c.scales.end(), 0.0f);
  expect_result(op, c, c.make_a(c.k, Flush::right), c.n, expected, nullptr);
  qnnp_delete_operator(op);
}

TEST(FullyConnected, AnEmptyBatchLooksAtNothing) {
  Random random(6);
  const GemmCase c(3, 2, 4, random);
  qnnp_operator_t op = create(c);
  EXPECT_EQ(qnnp_status_success, qnnp_setup_fully_connected_nc_q8(op, 0, nullptr, 0, nullptr, 0));
  EXPECT_EQ(qnnp_status_success, qnnp_run_operator(op, nullptr));
  expect_result(op, c, c.make_a(c.k, Flush::right), c.n, c.reference(), nullptr);
  EXPECT_EQ(qnnp_status_success, qnnp_setup_fully_connected_nc_q8(op, 0, nullptr, 0, nullptr, 0));
  for_each_pool(
      [&](pthreadpool_t pool) { EXPECT_EQ(qnnp_status_success, qnnp_run_operator(op, pool)); });
  qnnp_delete_operator(op);
}

TEST(FullyConnected, ClonesRunAtTheSameTime) {
  QNNP_TRACE_SEED();
  Random random(7);
  const GemmCase c(9, 70, 130, random);
  const std::vector<uint8_t> expected = c.reference();
  qnnp_operator_t op = create(c), copies[3] = {};
  const GuardedRows a = c.make_a(c.k, Flush::right);
  const auto work = [&](qnnp_operator_t mine) {
    for (int i = 0; i < 50; i++) expect_result(mine, c, a, c.n, expected, nullptr);
  };
  std::thread threads[3];
  for (int i = 0; i < 3; i++) {
    ASSERT_EQ(qnnp_status_success, qnnp_clone_operator(op, &copies[i]));
    EXPECT_EQ(qnnp_status_invalid_parameter, qnnp_run_operator(copies[i], nullptr));
    threads[i] = std::thread(work, copies[i]);
  }
  EXPECT_EQ(qnnp_status_success, qnnp_delete_operator(op));
  for (int i = 0; i < 3; i++) threads[i].join();
  // Handles may be cloned and deleted by different threads at once, too.
  for (int i = 0; i < 3; i++) {
    threads[i] = std::thread([&copies, i] {
      qnnp_operator_t copy = nullptr;
      EXPECT_EQ(qnnp_status_success, qnnp_clone_operator(copies[i], &copy));
      EXPECT_EQ(qnnp_status_success, qnnp_delete_operator(copies[i]));
      EXPECT_EQ(qnnp_status_success, qnnp_delete_operator(copy));
    });
  }
  for (int i = 0; i < 3; i++) threads[i].join();
}

TEST(FullyConnected, SurvivesLackOfMemory) {
  Random random(8);
  const GemmCase c(1, 70, 30, random);
  const qnnp_fully_connected_desc desc = describe(c);
  expect_survives_lack_of_memory(
      [&](qnnp_operator_t* op) { return qnnp_create_fully_connected(&desc, op); });
}

// The output of a product of zeros: the bias times the multiplier of these scales.
uint8_t run_bias(int32_t bias, float input_scale, float kernel_scale, float output_scale) {
  const uint8_t kernel = 7, input = 0;
  uint8_t output = 0;
  qnnp_operator_t op = nullptr;
  EXPECT_EQ(qnnp_status_success,
            qnnp_create_fully_connected_nc_q8(1, 1, 0, input_scale, 7, kernel_scale, &kernel, &bias,
                                              0, output_scale, 0, 255, 0, &op));
  EXPECT_EQ(qnnp_status_success, qnnp_setup_fully_connected_nc_q8(op, 1, &input, 1, &output, 1));
  EXPECT_EQ(qnnp_status_success, qnnp_run_operator(op, nullptr));
  EXPECT_EQ(qnnp_status_success, qnnp_delete_operator(op));
  return output;
}

// input_scale * kernel_scale / output_scale is computed in double and rounded to float once. A
// product in float is often one step away, which shows beside results of n + 0.5.
TEST(FullyConnected, TheMultiplierIsRoundedOnce) {
  QNNP_TRACE_SEED();
  Random random(10);
  size_t telling = 0;
  for (int i = 0; i < 200; i++) {
    const float a = static_cast<float>(std::exp2(random.real(-10, 10)));
    const float b = static_cast<float>(std::exp2(random.real(-10, 10)));
    const double wanted = std::exp2(random.real(-17, -16));
    const float c = static_cast<float>(static_cast<double>(a) * b / wanted);
    const float once = static_cast<float>(static_cast<double>(a) * b / c);
    const float twice = a * b / c, other = b / c * a;
    for (int n = 64; n < 128; n++) {
      const int32_t nearest = static_cast<int32_t>((n + 0.5) / once);
      for (int32_t acc = nearest - 1; acc <= nearest + 1; acc++) {
        const Output full = {0, 0, 255};
        const uint8_t expected = requantize_reference(acc, once, full);
        if (expected == requantize_reference(acc, twice, full) &&
            expected == requantize_reference(acc, other, full)) {
          continue;
        }
        telling++;
        ASSERT_EQ(expected, run_bias(acc, a, b, c)) << acc << ": " << a << " " << b << " " << c;
      }
    }
  }
  EXPECT_GT(telling, 50u);
}

TEST(FullyConnected, DescribesItself) {
  Random random(9);
  const GemmCase c(3, 21, 34, random);
  qnnp_operator_t op = create(c);
  qnnp_operator_info info = {};
  info.struct_size = sizeof(info);
  ASSERT_EQ(qnnp_status_success, qnnp_describe_operator(op, &info));
  EXPECT_STREQ("fully_connected_nc_q8", info.type);
  EXPECT_EQ(0u, info.macs);
  EXPECT_EQ(0u, info.input_bytes);
  EXPECT_EQ(0u, info.output_bytes);
  EXPECT_GE(info.weight_bytes, uint64_t{21 * 34});
  const GuardedRows a = c.make_a(c.k + 3, Flush::right);
  GuardedRows out(c.m, c.n, c.n + 5, Flush::right);
  ASSERT_EQ(qnnp_status_success, setup(op, a, out));
  ASSERT_EQ(qnnp_status_success, qnnp_describe_operator(op, &info));
  EXPECT_EQ(uint64_t{3 * 21 * 34}, info.macs);
  EXPECT_EQ(uint64_t{3 * 34}, info.input_bytes);
  EXPECT_EQ(uint64_t{3 * 21}, info.output_bytes);
  qnnp_delete_operator(op);
}

}  // namespace
}  // namespace test
}  // namespace qnnp
