// SPDX-License-Identifier: BSD-3-Clause
// The transpose operator: permutations of every number of dimensions, every instruction set and
// pool; and what it refuses.
#include <gtest/gtest.h>

#include <numeric>

#include "harness/draw.h"
#include "harness/guarded_buffer.h"
#include "harness/isa.h"
#include "harness/operator_checks.h"
#include "harness/size_limits.h"
#include "harness/threads.h"

namespace qnnp {
namespace test {
namespace {

using Sizes = std::vector<size_t>;

qnnp_transpose_desc transpose_desc(const Sizes& permutation) {
  qnnp_transpose_desc desc = QNNP_TRANSPOSE_DESC_INIT;
  desc.dimensions = static_cast<uint32_t>(permutation.size());
  std::copy(permutation.begin(), permutation.end(), desc.permutation);
  return desc;
}

OperatorHandle create_transpose(const Sizes& permutation) {
  const qnnp_transpose_desc desc = transpose_desc(permutation);
  return create_operator([&](qnnp_operator_t* out) { return qnnp_create_transpose(&desc, out); });
}

struct Case {
  Sizes shape, permutation;
  Flush flush;
  std::vector<uint8_t> bytes, expected;

  Case(const Sizes& extents, const Sizes& order, Random& random)
      : shape(extents),
        permutation(order),
        flush(random.coin() ? Flush::left : Flush::right),
        bytes(std::accumulate(extents.begin(), extents.end(), size_t{1}, std::multiplies<>())) {
    random.fill(bytes);
    Sizes index(shape.size());  // of the output
    for (size_t i = 0; i < bytes.size(); i++) {
      Sizes source(shape.size());
      for (size_t d = 0; d < shape.size(); d++) source[permutation[d]] = index[d];
      size_t offset = 0;
      for (size_t d = 0; d < shape.size(); d++) offset = offset * shape[d] + source[d];
      expected.push_back(bytes[offset]);
      for (size_t d = shape.size(); d-- > 0;) {
        if (++index[d] < shape[permutation[d]]) break;
        index[d] = 0;
      }
    }
  }
  void check(qnnp_operator_t op, pthreadpool_t pool) const {
    GuardedBuffer<uint8_t> input(bytes.size(), flush), output(bytes.size(), flush);
    std::copy(bytes.begin(), bytes.end(), input.begin());
    ASSERT_EQ(qnnp_status_success,
              qnnp_setup_transpose(op, shape.data(), input.data(), output.data()))
        << qnnp_get_last_error();
    ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op, pool));
    EXPECT_TRUE(std::equal(expected.begin(), expected.end(), output.begin()))
        << ::testing::PrintToString(shape) << ::testing::PrintToString(permutation);
  }
};

void check(const Sizes& shape, const Sizes& permutation, Random& random) {
  const Case c(shape, permutation, random);
  for_each_isa([&] {
    const OperatorHandle op = create_transpose(permutation);
    for_each_pool([&](pthreadpool_t pool) { c.check(op.get(), pool); });
  });
}

TEST(Transpose, AnyPermutation) {
  QNNP_TRACE_SEED();
  Random random(1);
  for (size_t repeat = 0; repeat < effort(80); repeat++) {
    const size_t dimensions = random.size(1, QNNP_MAX_DIMENSIONS);
    Sizes shape(dimensions), permutation(dimensions);
    size_t room = 3000;
    for (size_t d = 0; d < dimensions; d++) {
      shape[d] = random.size(1, std::min<size_t>(room, random.coin() ? 3 : 40));
      room /= shape[d];
      permutation[d] = d;
    }
    for (size_t d = dimensions; d > 1; d--) {
      std::swap(permutation[d - 1], permutation[random.size(0, d - 1)]);
    }
    check(shape, permutation, random);
  }
}

// Between NHWC and NCHW, cut along either side of the matrix and into images; copies of runs.
TEST(Transpose, ManyTasks) {
  QNNP_TRACE_SEED();
  Random random(2);
  const size_t size = 8 + effort(50);
  for (size_t channels : {1, 2, 3, 4, 8, 17, 64}) {
    check({1, size, size, channels}, {0, 3, 1, 2}, random);
    check({1, channels, size, size}, {0, 2, 3, 1}, random);
  }
  check({8 + effort(50), 9, 8, 5}, {0, 3, 1, 2}, random);
  check({7, size, 3, 40}, {1, 0, 2, 3}, random);
  check({size, 7, 100}, {1, 0, 2}, random);
  check({2, 10 * size * size}, {0, 1}, random);
}

TEST(Transpose, SetupAgainAndClones) {
  QNNP_TRACE_SEED();
  Random random(3);
  const Sizes permutation = {0, 3, 1, 2};
  const Case small({1, 3, 2, 5}, permutation, random), large({2, 9, 8, 40}, permutation, random);
  const OperatorHandle op = create_transpose(permutation);
  qnnp_operator_t copy = nullptr;
  ASSERT_EQ(qnnp_status_success, qnnp_clone_operator(op.get(), &copy));
  const OperatorHandle clone(copy);
  small.check(op.get(), nullptr);
  large.check(clone.get(), nullptr);
  large.check(op.get(), nullptr);
  small.check(op.get(), nullptr);
}

OperatorKind kind() {
  static std::vector<uint8_t> data(60), output(60);
  return {"transpose_x8", "x8transpose ", "out-handle",
          [](qnnp_operator_t* out) {
            const qnnp_transpose_desc desc = transpose_desc({0, 2, 1});
            return qnnp_create_transpose(&desc, out);
          },
          [](qnnp_operator_t op, size_t batch) {
            const size_t shape[3] = {batch, 4, 5};
            return qnnp_setup_transpose(op, shape, batch == 0 ? nullptr : data.data(),
                                        batch == 0 ? nullptr : output.data());
          }};
}

TEST(Transpose, LifeCycle) {
  expect_refusals_of_kind(kind());
  expect_empty_batch(kind());
  expect_description(kind(), 20, 20);
  expect_survives_lack_of_memory(kind().create);
}

void expect_refused(const char* parameter, const qnnp_transpose_desc* desc) {
  expect_create_refuses(qnnp_status_invalid_parameter, parameter,
                        [&](qnnp_operator_t* out) { return qnnp_create_transpose(desc, out); });
}

TEST(Transpose, RefusesParameters) {
  expect_refused("desc is NULL", nullptr);
  qnnp_transpose_desc desc = transpose_desc({1, 0});
  desc.struct_size--;
  expect_refused("struct_size", &desc);
  desc = transpose_desc({});
  expect_refused("dimensions is 0", &desc);
  desc.dimensions = QNNP_MAX_DIMENSIONS + 1;
  expect_refused("dimensions is 9", &desc);
  desc = transpose_desc({0, 2, 2});
  expect_refused("permutation[2] is 2", &desc);
  desc = transpose_desc({0, 3, 1});
  expect_refused("permutation[1] is 3", &desc);
  desc = transpose_desc({1, 0});
  desc.flags = 1;
  expect_refused("flags", &desc);
}

TEST(Transpose, RefusesSetup) {
  const OperatorHandle op = create_transpose({1, 0});
  uint8_t x[4] = {}, y[4] = {};
  const auto setup = [&](size_t rows, size_t columns, const uint8_t* in, uint8_t* out) {
    const size_t shape[2] = {rows, columns};
    return qnnp_setup_transpose(op.get(), shape, in, out);
  };
  expect_refusal(qnnp_status_invalid_parameter, "shape",
                 qnnp_setup_transpose(op.get(), nullptr, x, y));
  expect_refusal(qnnp_status_invalid_parameter, "input", setup(2, 2, nullptr, y));
  expect_refusal(qnnp_status_invalid_parameter, "output", setup(2, 2, x, nullptr));
  expect_refusal(qnnp_status_unsupported_parameter, "shape", setup(kRoot, kRoot, x, y));
  expect_refusal(qnnp_status_unsupported_parameter, "shape", setup(1, SIZE_MAX, x, y));
  EXPECT_EQ(qnnp_status_success, setup(0, SIZE_MAX, nullptr, nullptr));
  EXPECT_EQ(qnnp_status_success, setup(SIZE_MAX, 0, nullptr, nullptr));
}

}  // namespace
}  // namespace test
}  // namespace qnnp
