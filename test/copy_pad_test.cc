// SPDX-License-Identifier: BSD-3-Clause
// Copy and constant padding: every pool, strides; and what they refuse. They have no kernels.
#include <gtest/gtest.h>

#include "harness/draw.h"
#include "harness/guarded_buffer.h"
#include "harness/operator_checks.h"
#include "harness/size_limits.h"
#include "harness/threads.h"

namespace qnnp {
namespace test {
namespace {

using Sizes = std::vector<size_t>;

// ---- Copy ----

OperatorHandle create_copy(size_t channels) {
  qnnp_copy_desc desc = QNNP_COPY_DESC_INIT;
  desc.channels = channels;
  return create_operator([&](qnnp_operator_t* out) { return qnnp_create_copy(&desc, out); });
}

void check_copy(qnnp_operator_t op, size_t batch, size_t channels, Random& random) {
  std::vector<uint8_t> bytes(batch * channels);
  random.fill(bytes);
  for (Flush flush : kFlushes) {
    const size_t input_gap = random.coin() ? 0 : random.size(1, 70);
    const size_t output_gap = random.coin() ? 0 : random.size(1, 70);
    for_each_pool([&](pthreadpool_t pool) {
      GuardedRows input(batch, channels, channels + input_gap, flush);
      GuardedRows output(batch, channels, channels + output_gap, flush);
      input.assign(bytes);
      ASSERT_EQ(qnnp_status_success, qnnp_setup_copy(op, batch, input.data(), input.stride(),
                                                     output.data(), output.stride()))
          << qnnp_get_last_error();
      ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op, pool));
      EXPECT_TRUE(bytes == output.dense()) << batch << " rows of " << channels;
      EXPECT_TRUE(output.intact());
    });
  }
}

TEST(Copy, EveryLength) {
  QNNP_TRACE_SEED();
  Random random(1);
  for_each_size(1, 70, [&](size_t channels) {
    const OperatorHandle op = create_copy(channels);
    check_copy(op.get(), random.size(1, 9), channels, random);
  });
}

TEST(Copy, LongRowsAndClones) {
  QNNP_TRACE_SEED();
  Random random(2);
  const OperatorHandle op = create_copy(60001);
  qnnp_operator_t copy = nullptr;
  ASSERT_EQ(qnnp_status_success, qnnp_clone_operator(op.get(), &copy));
  const OperatorHandle clone(copy);
  check_copy(op.get(), 1, 60001, random);
  check_copy(clone.get(), 3, 60001, random);
  check_copy(create_copy(33).get(), effort(2000), 33, random);
}

// Two producers of one tensor, and a consumer of a part of it: what concatenation and slices are.
TEST(Copy, Concatenates) {
  const uint8_t a[4] = {1, 2, 3, 4}, b[6] = {11, 12, 13, 14, 15, 16};
  uint8_t both[10], part[4];
  const OperatorHandle two = create_copy(2), three = create_copy(3);
  EXPECT_EQ(qnnp_status_success, qnnp_setup_copy(two.get(), 2, a, 2, both, 5));
  EXPECT_EQ(qnnp_status_success, qnnp_run_operator(two.get(), nullptr));
  EXPECT_EQ(qnnp_status_success, qnnp_setup_copy(three.get(), 2, b, 3, both + 2, 5));
  EXPECT_EQ(qnnp_status_success, qnnp_run_operator(three.get(), nullptr));
  EXPECT_EQ((std::vector<uint8_t>{1, 2, 11, 12, 13, 3, 4, 14, 15, 16}),
            std::vector<uint8_t>(both, both + 10));
  EXPECT_EQ(qnnp_status_success, qnnp_setup_copy(two.get(), 2, both + 1, 5, part, 2));
  EXPECT_EQ(qnnp_status_success, qnnp_run_operator(two.get(), nullptr));
  EXPECT_EQ((std::vector<uint8_t>{2, 11, 4, 14}), std::vector<uint8_t>(part, part + 4));
}

OperatorKind copy_kind() {
  static std::vector<uint8_t> data(15), output(15);
  return {"copy_nc_x8", "memcpy", "out-handle",
          [](qnnp_operator_t* out) {
            qnnp_copy_desc desc = QNNP_COPY_DESC_INIT;
            desc.channels = 5;
            return qnnp_create_copy(&desc, out);
          },
          [](qnnp_operator_t op, size_t batch) {
            const bool empty = batch == 0;
            return qnnp_setup_copy(op, batch, empty ? nullptr : data.data(), empty ? 0 : 5,
                                   empty ? nullptr : output.data(), empty ? 0 : 5);
          }};
}

TEST(Copy, LifeCycle) {
  expect_refusals_of_kind(copy_kind());
  expect_empty_batch(copy_kind());
  expect_description(copy_kind(), 5, 5);
  expect_survives_lack_of_memory(copy_kind().create);
}

TEST(Copy, Refuses) {
  const auto invalid = qnnp_status_invalid_parameter;
  const auto expect = [](const char* parameter, const qnnp_copy_desc* desc) {
    expect_create_refuses(invalid, parameter,
                          [&](qnnp_operator_t* out) { return qnnp_create_copy(desc, out); });
  };
  expect("desc is NULL", nullptr);
  qnnp_copy_desc desc = QNNP_COPY_DESC_INIT;
  expect("channels", &desc);
  desc.channels = 1;
  desc.flags = 1;
  expect("flags", &desc);
  desc.struct_size++;
  expect("struct_size", &desc);

  const OperatorHandle op = create_copy(5);
  uint8_t x[10] = {}, y[10] = {};
  const size_t huge = SIZE_MAX / 8;
  expect_refusal(invalid, "input is NULL", qnnp_setup_copy(op.get(), 8, nullptr, 5, y, 5));
  expect_refusal(invalid, "output is NULL", qnnp_setup_copy(op.get(), 8, x, 5, nullptr, 5));
  expect_refusal(invalid, "input_stride", qnnp_setup_copy(op.get(), 8, x, 4, y, 5));
  expect_refusal(invalid, "output_stride", qnnp_setup_copy(op.get(), 8, x, huge, y, 4));
  expect_refusal(qnnp_status_unsupported_parameter,
                 "input:", qnnp_setup_copy(op.get(), 8, x, huge, y, 5));
  expect_refusal(qnnp_status_unsupported_parameter,
                 "output:", qnnp_setup_copy(op.get(), 8, x, 5, y, huge));
}

// ---- Constant padding ----

struct Padding {
  Sizes before, after;
  qnnp_datatype type = qnnp_datatype_uint8;
  int32_t value = 0;

  enum qnnp_status create(qnnp_operator_t* out) const {
    qnnp_constant_pad_desc desc = QNNP_CONSTANT_PAD_DESC_INIT;
    desc.dimensions = static_cast<uint32_t>(before.size());
    std::copy(before.begin(), before.end(), desc.before);
    std::copy(after.begin(), after.end(), desc.after);
    desc.type = type;
    desc.pad_value = value;
    return qnnp_create_constant_pad(&desc, out);
  }
  OperatorHandle create() const {
    return create_operator([this](qnnp_operator_t* out) { return create(out); });
  }
};

// One dimension after the other, the outermost first.
std::vector<uint8_t> padded(const Padding& p, const Sizes& shape, const uint8_t* bytes, size_t d) {
  const uint8_t value = static_cast<uint8_t>(p.value);
  if (d == shape.size()) return {*bytes};
  size_t inner = 1, padded_inner = 1;
  for (size_t i = d + 1; i < shape.size(); i++) {
    inner *= shape[i];
    padded_inner *= p.before[i] + shape[i] + p.after[i];
  }
  std::vector<uint8_t> result(p.before[d] * padded_inner, value);
  for (size_t i = 0; i < shape[d]; i++) {
    const std::vector<uint8_t> part = padded(p, shape, bytes + i * inner, d + 1);
    result.insert(result.end(), part.begin(), part.end());
  }
  result.insert(result.end(), p.after[d] * padded_inner, value);
  return result;
}

void check_pad(qnnp_operator_t op, const Padding& p, const Sizes& shape, Random& random) {
  size_t count = 1;
  for (size_t extent : shape) count *= extent;
  std::vector<uint8_t> bytes(count);
  random.fill(bytes);
  const std::vector<uint8_t> expected = padded(p, shape, bytes.data(), 0);
  const Flush flush = random.coin() ? Flush::left : Flush::right;
  for_each_pool([&](pthreadpool_t pool) {
    GuardedBuffer<uint8_t> input(bytes.size(), flush), output(expected.size(), flush);
    std::copy(bytes.begin(), bytes.end(), input.begin());
    ASSERT_EQ(qnnp_status_success,
              qnnp_setup_constant_pad(op, shape.data(), input.data(), output.data()))
        << qnnp_get_last_error();
    ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op, pool));
    EXPECT_TRUE(std::equal(expected.begin(), expected.end(), output.begin()))
        << ::testing::PrintToString(shape) << ::testing::PrintToString(p.before)
        << ::testing::PrintToString(p.after);
  });
}

Padding draw_padding(size_t dimensions, Random& random) {
  Padding p;
  for (size_t d = 0; d < dimensions; d++) {
    p.before.push_back(random.coin() ? 0 : random.size(1, 3));
    p.after.push_back(random.coin() ? 0 : random.size(1, 3));
  }
  p.type = random.coin() ? qnnp_datatype_uint8 : qnnp_datatype_int8;
  p.value = random.byte() - (p.type == qnnp_datatype_int8 ? 128 : 0);
  return p;
}

TEST(ConstantPad, Shapes) {
  QNNP_TRACE_SEED();
  Random random(11);
  for (size_t repeat = 0; repeat < effort(120); repeat++) {
    const size_t dimensions = random.size(1, 6);
    const Padding p = draw_padding(dimensions, random);
    Sizes shape;
    for (size_t d = 0; d < dimensions; d++) shape.push_back(random.size(d == 0 ? 0 : 1, 5));
    check_pad(p.create().get(), p, shape, random);
  }
}

TEST(ConstantPad, ManyTasksSetupAgainAndClones) {
  QNNP_TRACE_SEED();
  Random random(12);
  const Padding image = {{0, 1, 2, 0}, {0, 1, 0, 0}, qnnp_datatype_int8, -128};
  const OperatorHandle op = image.create();
  qnnp_operator_t copy = nullptr;
  ASSERT_EQ(qnnp_status_success, qnnp_clone_operator(op.get(), &copy));
  const OperatorHandle clone(copy);
  check_pad(op.get(), image, {1, 3, 5, 2}, random);
  check_pad(clone.get(), image, {2, effort(100), 30, 33}, random);
  check_pad(op.get(), image, {3, 1, effort(2000), 9}, random);
  const Padding row = {{70000}, {5}, qnnp_datatype_uint8, 77};
  check_pad(row.create().get(), row, {effort(100000)}, random);
  const Padding most = {{1, 0, 0, 1, 0, 0, 0, 1}, {0, 0, 1, 0, 0, 0, 0, 0}, qnnp_datatype_uint8, 3};
  check_pad(most.create().get(), most, {1, 2, 1, 2, 1, 2, 1, 2}, random);
}

OperatorKind pad_kind() {
  static std::vector<uint8_t> data(15), output(36);
  return {"constant_pad_x8", "memcpy", "out-handle",
          [](qnnp_operator_t* out) {
            return Padding{{0, 1}, {0, 6}, qnnp_datatype_uint8, 0}.create(out);
          },
          [](qnnp_operator_t op, size_t batch) {
            const size_t shape[2] = {batch, 5};
            return qnnp_setup_constant_pad(op, shape, batch == 0 ? nullptr : data.data(),
                                           batch == 0 ? nullptr : output.data());
          }};
}

TEST(ConstantPad, LifeCycle) {
  expect_refusals_of_kind(pad_kind());
  expect_empty_batch(pad_kind());
  expect_description(pad_kind(), 5, 12);
  expect_survives_lack_of_memory(pad_kind().create);
}

template <class Change>
void expect_pad_refused(const char* parameter, Change change) {
  qnnp_constant_pad_desc desc = QNNP_CONSTANT_PAD_DESC_INIT;
  desc.dimensions = 1;
  change(desc);
  expect_create_refuses(qnnp_status_invalid_parameter, parameter,
                        [&](qnnp_operator_t* out) { return qnnp_create_constant_pad(&desc, out); });
}

TEST(ConstantPad, Refuses) {
  using Desc = qnnp_constant_pad_desc;
  expect_pad_refused("struct_size", [](Desc& d) { d.struct_size = 8; });
  expect_pad_refused("dimensions is 0", [](Desc& d) { d.dimensions = 0; });
  expect_pad_refused("dimensions is 9", [](Desc& d) { d.dimensions = 9; });
  expect_pad_refused("type", [](Desc& d) { d.type = qnnp_datatype_float32; });
  expect_pad_refused("pad_value", [](Desc& d) { d.pad_value = 256; });
  expect_pad_refused("pad_value", [](Desc& d) { d.pad_value = -1; });
  expect_pad_refused("pad_value is 128", [](Desc& d) {
    d.type = qnnp_datatype_int8;
    d.pad_value = 128;
  });
  expect_pad_refused("flags", [](Desc& d) { d.flags = 1; });

  const Padding p = {{0, 1}, {0, 2}, qnnp_datatype_uint8, 0};
  const OperatorHandle op = p.create();
  uint8_t x[4] = {}, y[12] = {};
  const auto setup = [&](size_t rows, size_t columns, const uint8_t* in, uint8_t* out) {
    const size_t shape[2] = {rows, columns};
    return qnnp_setup_constant_pad(op.get(), shape, in, out);
  };
  expect_refusal(qnnp_status_invalid_parameter, "shape",
                 qnnp_setup_constant_pad(op.get(), nullptr, x, y));
  expect_refusal(qnnp_status_invalid_parameter, "input", setup(2, 2, nullptr, y));
  expect_refusal(qnnp_status_invalid_parameter, "output", setup(2, 2, x, nullptr));
  expect_refusal(qnnp_status_unsupported_parameter, "shape[1]", setup(kRoot, kRoot, x, y));
  expect_refusal(qnnp_status_unsupported_parameter, "shape[1]", setup(1, SIZE_MAX / 2 - 1, x, y));
  // Nothing but padding.
  EXPECT_EQ(qnnp_status_success, setup(4, 0, nullptr, y));
  EXPECT_EQ(qnnp_status_success, qnnp_run_operator(op.get(), nullptr));
}

}  // namespace
}  // namespace test
}  // namespace qnnp
