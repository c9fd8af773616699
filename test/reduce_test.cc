// SPDX-License-Identifier: BSD-3-Clause
// Mean and maximum over axes against the definition and real arithmetic: every set of axes, every
// instruction set and pool, both types; and what the operator refuses.
#include <gtest/gtest.h>

#include <cmath>

#include "harness/definitions.h"
#include "harness/draw.h"
#include "harness/guarded_buffer.h"
#include "harness/isa.h"
#include "harness/operator_checks.h"
#include "harness/signed_desc.h"
#include "harness/threads.h"

namespace qnnp {
namespace test {
namespace {

using Sizes = std::vector<size_t>;

qnnp_reduce_desc plain(enum qnnp_reduction operation, uint32_t axes) {
  qnnp_reduce_desc d = QNNP_REDUCE_DESC_INIT;
  d.operation = operation;
  d.axes = axes;
  d.input_scale = d.output_scale = 1.0f;
  return d;
}

qnnp_reduce_desc draw_desc(bool largest, uint32_t axes, Random& random) {
  qnnp_reduce_desc d = plain(largest ? qnnp_reduction_max : qnnp_reduction_mean, axes);
  if (!largest) {
    d.input_scale = static_cast<float>(std::exp2(random.real(-7.9, 7.9)));
    d.input_zero_point = draw_zero_point(random);
    d.output_zero_point = draw_zero_point(random);
  }
  if (random.coin()) {
    d.output_min = random.byte(0, 100);
    d.output_max = random.byte(130, 255);
  }
  return d;
}

struct Case {
  Case(const qnnp_reduce_desc& desc, const Sizes& tensor, Random& random) : d(desc), sizes(tensor) {
    size_t elements = 1, outputs = 1;
    for (size_t i = 0; i < sizes.size(); i++) {
      elements *= sizes[i];
      if (!reduced(i)) outputs *= sizes[i];
    }
    bytes.resize(elements);
    draw_bytes(random, bytes);
    std::vector<int64_t> sums(outputs);
    std::vector<uint8_t> largest(outputs);
    for (size_t element = 0; element < elements; element++) {
      const size_t output = output_of(element);
      sums[output] += bytes[element] - d.input_zero_point;
      largest[output] = std::max(largest[output], bytes[element]);
    }
    for (size_t i = 0; i < outputs; i++) {
      expected.push_back(result(sums[i], largest[i], elements / outputs));
    }
  }
  bool reduced(size_t axis) const { return d.axes == 0 || (d.axes >> axis & 1) != 0; }
  // Its index when reduced axes have one element.
  size_t output_of(size_t element) const {
    size_t index = 0, stride = 1;
    for (size_t i = sizes.size(); i-- != 0;) {
      if (!reduced(i)) {
        index += element % sizes[i] * stride;
        stride *= sizes[i];
      }
      element /= sizes[i];
    }
    return index;
  }
  uint8_t result(int64_t sum, uint8_t largest, size_t area) const {
    const bool whole = d.output_min == 0 && d.output_max == 0;
    const Output out = {static_cast<uint8_t>(d.output_zero_point),
                        static_cast<uint8_t>(d.output_min),
                        static_cast<uint8_t>(whole ? 255 : d.output_max)};
    if (d.operation == qnnp_reduction_max) return std::clamp(largest, out.min, out.max);
    const uint8_t y =
        requantize_reference(sum, mean_scale(d.input_scale, d.output_scale, area), out);
    const double real = static_cast<double>(sum) / static_cast<double>(area) *
                            static_cast<double>(d.input_scale) /
                            static_cast<double>(d.output_scale) +
                        out.zero_point;
    EXPECT_LE(std::abs(std::clamp<double>(real, out.min, out.max) - y), 0.5 + 0x1p-13);
    return y;
  }

  void check(qnnp_operator_t op, pthreadpool_t pool, uint8_t flip, Flush flush) const {
    GuardedBuffer<uint8_t> input(bytes.size(), flush), output(expected.size(), flush);
    for (size_t i = 0; i < bytes.size(); i++) input[i] = bytes[i] ^ flip;
    ASSERT_EQ(qnnp_status_success,
              qnnp_setup_reduce(op, sizes.size(), sizes.data(), input.data(), output.data()))
        << qnnp_get_last_error();
    ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op, pool));
    for (size_t i = 0; i < expected.size(); i++) {
      ASSERT_EQ(expected[i], output[i] ^ flip) << i << " of " << expected.size();
    }
    EXPECT_TRUE(output.intact());
  }

  qnnp_reduce_desc d;
  Sizes sizes;
  std::vector<uint8_t> bytes, expected;
};

OperatorHandle create(const qnnp_reduce_desc& desc) {
  return create_operator([&](qnnp_operator_t* out) { return qnnp_create_reduce(&desc, out); });
}

void check(const Case& c, Random& random) {
  SCOPED_TRACE(::testing::Message()
               << "axes " << c.d.axes << " of " << ::testing::PrintToString(c.sizes));
  const Flush flush = random.coin() ? Flush::left : Flush::right;
  for_each_isa([&] {
    const OperatorHandle op = create(c.d), other = create(signed_desc(c.d));
    for_each_pool([&](pthreadpool_t pool) {
      c.check(op.get(), pool, 0, flush);
      c.check(other.get(), pool, 0x80, flush);
    });
  });
}

// All of them for six dimensions, sizes of 1 among them.
TEST(Reduce, EverySetOfAxes) {
  QNNP_TRACE_SEED();
  Random random(1);
  for_each_size(0, 63, [&](size_t axes) {
    for (bool largest : {false, true}) {
      Sizes sizes(6);
      for (size_t& size : sizes) size = random.size(1, 4);
      check(Case(draw_desc(largest, static_cast<uint32_t>(axes), random), sizes, random), random);
      if (HasFatalFailure()) return;
    }
  });
}

TEST(Reduce, FewerDimensions) {
  QNNP_TRACE_SEED();
  Random random(2);
  for (size_t dimensions : {1, 2, 3, 4, 5}) {
    for (uint32_t axes = 0; axes < 1u << dimensions; axes++) {
      Sizes sizes(dimensions);
      for (size_t& size : sizes) size = random.size(1, 7);
      check(Case(draw_desc(random.coin(), axes, random), sizes, random), random);
    }
  }
}

// What networks have, large enough for many tasks.
TEST(Reduce, OfNetworks) {
  QNNP_TRACE_SEED();
  Random random(3);
  for (bool largest : {false, true}) {
    check(Case(draw_desc(largest, 6, random), {2, 7, 7, 200}, random), random);
    check(Case(draw_desc(largest, 8, random), {1, 13, 14, 515}, random), random);
    check(Case(draw_desc(largest, 2, random), {3, effort(300), 130}, random), random);
    check(Case(draw_desc(largest, 0, random), {effort(50), 3, effort(100)}, random), random);
    check(Case(draw_desc(largest, 5, random), {3, effort(100), 37, 5}, random), random);
    check(Case(draw_desc(largest, 10, random), {3, 37, effort(100), 33}, random), random);
  }
}

// The largest sums that int32 holds.
TEST(Reduce, LargestSums) {
  const size_t n = INT32_MAX / 255;
  const std::vector<uint8_t> input(n, 255);
  const OperatorHandle op = create(plain(qnnp_reduction_mean, 0));
  const Sizes sizes = {n};
  uint8_t output = 0;
  ASSERT_EQ(qnnp_status_success,
            qnnp_setup_reduce(op.get(), 1, sizes.data(), input.data(), &output));
  ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op.get(), nullptr));
  EXPECT_EQ(255, output);
}

TEST(Reduce, SetupAgainAndClones) {
  QNNP_TRACE_SEED();
  Random random(4);
  for (bool largest : {false, true}) {
    const qnnp_reduce_desc d = draw_desc(largest, 2, random);
    const Case rows(d, {30, 9}, random), windows(d, {3, 5, 33}, random);
    const OperatorHandle op = create(d);
    qnnp_operator_t copy = nullptr;
    ASSERT_EQ(qnnp_status_success, qnnp_clone_operator(op.get(), &copy));
    const OperatorHandle clone(copy);
    rows.check(op.get(), nullptr, 0, Flush::left);
    windows.check(clone.get(), nullptr, 0, Flush::right);
    windows.check(op.get(), nullptr, 0, Flush::left);
    rows.check(op.get(), nullptr, 0, Flush::right);
  }
}

OperatorKind kind(enum qnnp_reduction operation) {
  static std::vector<uint8_t> data(1000), output(1000);
  return {"reduce_q8", operation == qnnp_reduction_max ? "u8maxpool " : "q8avgpool ", "out-handle",
          [operation](qnnp_operator_t* out) {
            const qnnp_reduce_desc d = plain(operation, 2);
            return qnnp_create_reduce(&d, out);
          },
          [](qnnp_operator_t op, size_t batch) {
            const size_t sizes[3] = {batch, 4, 5};
            const bool empty = batch == 0;
            return qnnp_setup_reduce(op, 3, sizes, empty ? nullptr : data.data(),
                                     empty ? nullptr : output.data());
          }};
}

TEST(Reduce, LifeCycle) {
  for (enum qnnp_reduction operation : {qnnp_reduction_mean, qnnp_reduction_max}) {
    expect_refusals_of_kind(kind(operation));
    expect_empty_batch(kind(operation));
    expect_description(kind(operation), 4 * 5, 5);
    expect_survives_lack_of_memory(kind(operation).create);
  }
}

template <class Change>
void expect_refused(enum qnnp_status status, const char* parameter, Change change) {
  qnnp_reduce_desc d = plain(qnnp_reduction_mean, 1);
  change(d);
  expect_create_refuses(status, parameter,
                        [&](qnnp_operator_t* out) { return qnnp_create_reduce(&d, out); });
}

TEST(Reduce, RefusesParameters) {
  using Desc = qnnp_reduce_desc;
  const auto invalid = qnnp_status_invalid_parameter;
  expect_refused(invalid, "struct_size", [](Desc& d) { d.struct_size = 1; });
  expect_refused(invalid, "operation", [](Desc& d) { memset(&d.operation, 1, 4); });
  expect_refused(invalid, "type", [](Desc& d) { d.type = qnnp_datatype_float16; });
  expect_refused(invalid, "axes", [](Desc& d) { d.axes = 64; });
  expect_refused(invalid, "input_zero_point", [](Desc& d) { d.input_zero_point = 256; });
  expect_refused(invalid, "input_scale", [](Desc& d) { d.input_scale = -1.0f; });
  expect_refused(invalid, "output_scale", [](Desc& d) { d.output_scale = 0.0f; });
  expect_refused(invalid, "output_min", [](Desc& d) { d.output_min = 5, d.output_max = 4; });
  expect_refused(invalid, "flags", [](Desc& d) { d.flags = 1; });
  expect_refused(qnnp_status_unsupported_parameter, "input_scale / output_scale",
                 [](Desc& d) { d.input_scale = 256.0f; });
}

TEST(Reduce, RefusesSetup) {
  const OperatorHandle op = create(plain(qnnp_reduction_mean, 2));
  uint8_t x[10], y[10];
  const auto setup = [&](const Sizes& sizes, const uint8_t* in, uint8_t* out) {
    return qnnp_setup_reduce(op.get(), sizes.size(), sizes.data(), in, out);
  };
  const auto invalid = qnnp_status_invalid_parameter;
  const auto unsupported = qnnp_status_unsupported_parameter;
  expect_refusal(invalid, "dimensions", qnnp_setup_reduce(op.get(), 0, nullptr, x, y));
  expect_refusal(invalid, "dimensions", setup(Sizes(7, 1), x, y));
  expect_refusal(invalid, "sizes is NULL", qnnp_setup_reduce(op.get(), 2, nullptr, x, y));
  expect_refusal(invalid, "axes", setup({4}, x, y));
  expect_refusal(invalid, "sizes[1]", setup({4, 0}, x, y));
  expect_refusal(invalid, "input is NULL", setup({4, 2}, nullptr, y));
  expect_refusal(invalid, "output is NULL", setup({4, 2}, x, nullptr));
  expect_refusal(unsupported, "sizes", setup({SIZE_MAX / 2, 4}, x, y));
  expect_refusal(unsupported, "sizes", setup({1, INT32_MAX / 255 + 1}, x, y));
  expect_refusal(invalid, "set up", qnnp_run_operator(op.get(), nullptr));
  EXPECT_EQ(qnnp_status_success, setup({4, 0, 0}, nullptr, nullptr));  // no output
  EXPECT_EQ(qnnp_status_success, qnnp_run_operator(op.get(), nullptr));
}

}  // namespace
}  // namespace test
}  // namespace qnnp
