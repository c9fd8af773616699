// SPDX-License-Identifier: BSD-3-Clause
// The add operator against its definition: every instruction set and pool, strides, in place; and
// what it refuses.
#include <gtest/gtest.h>

#include <limits>

#include "harness/definitions.h"
#include "harness/draw.h"
#include "harness/guarded_buffer.h"
#include "harness/isa.h"
#include "harness/operator_checks.h"
#include "harness/threads.h"

namespace qnnp {
namespace test {
namespace {

struct AddParameters {
  size_t channels = 5;
  uint8_t a_zero_point = 3;
  float a_scale = 0.75f;
  uint8_t b_zero_point = 200;
  float b_scale = 1.5f;
  uint8_t sum_zero_point = 100;
  float sum_scale = 1.25f;
  uint8_t sum_min = 0, sum_max = 255;
  uint32_t flags = 0;

  enum qnnp_status create(qnnp_operator_t* out) const {
    return qnnp_create_add_nc_q8(channels, a_zero_point, a_scale, b_zero_point, b_scale,
                                 sum_zero_point, sum_scale, sum_min, sum_max, flags, out);
  }
  OperatorHandle create() const {
    return create_operator([this](qnnp_operator_t* out) { return create(out); });
  }
};

AddParameters draw_parameters(size_t channels, Random& random) {
  AddParameters p;
  p.channels = channels;
  p.a_zero_point = draw_zero_point(random);
  p.b_zero_point = draw_zero_point(random);
  p.sum_scale = static_cast<float>(std::exp2(random.real(-20, 20)));
  p.a_scale = static_cast<float>(p.sum_scale * std::exp2(random.real(-13.9, 7.9)));
  p.b_scale = static_cast<float>(p.sum_scale * std::exp2(random.real(-3, 3)));
  const Output sum = draw_output(random);
  p.sum_zero_point = sum.zero_point;
  if (sum.min < sum.max) {
    p.sum_min = sum.min;
    p.sum_max = sum.max;
  }
  return p;
}

class Case {
 public:
  Case(size_t batch, size_t channels, bool dense, Random& random)
      : parameters_(draw_parameters(channels, random)),
        batch_(batch),
        flush_(random.coin() ? Flush::left : Flush::right),
        a_bytes_(batch * channels),
        b_bytes_(batch * channels) {
    for (size_t& stride : strides_) stride = channels + (dense ? 0 : random.size(0, 70));
    draw_bytes(random, a_bytes_);
    draw_bytes(random, b_bytes_);
    const AddParameters& p = parameters_;
    const AddDefinition definition(p.a_zero_point, p.a_scale, p.b_zero_point, p.b_scale,
                                   p.sum_scale, {p.sum_zero_point, p.sum_min, p.sum_max});
    for (size_t i = 0; i < a_bytes_.size(); i++) {
      expected_.push_back(definition(a_bytes_[i], b_bytes_[i]));
    }
  }
  const AddParameters& parameters() const { return parameters_; }

  // place 0: apart, 1: in a, 2: in b.
  void check(qnnp_operator_t op, pthreadpool_t pool, int place) const {
    const size_t channels = parameters_.channels;
    GuardedRows a(batch_, channels, strides_[0], flush_), b(batch_, channels, strides_[1], flush_);
    GuardedRows other(batch_, channels, strides_[2], flush_);
    a.assign(a_bytes_);
    b.assign(b_bytes_);
    GuardedRows& sum = place == 0 ? other : place == 1 ? a : b;
    ASSERT_EQ(qnnp_status_success, qnnp_setup_add_nc_q8(op, batch_, a.data(), a.stride(), b.data(),
                                                        b.stride(), sum.data(), sum.stride()))
        << qnnp_get_last_error();
    ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op, pool));
    EXPECT_TRUE(expected_ == sum.dense()) << batch_ << " rows of " << channels;
    EXPECT_TRUE(a.intact() && b.intact() && other.intact());
  }

 private:
  AddParameters parameters_;
  size_t batch_, strides_[3];
  Flush flush_;
  std::vector<uint8_t> a_bytes_, b_bytes_, expected_;
};

void check_shape(size_t batch, size_t channels, bool dense, Random& random) {
  const Case c(batch, channels, dense, random);
  for_each_isa([&] {
    const OperatorHandle op = c.parameters().create();
    for_each_pool([&](pthreadpool_t pool) {
      for (int place = 0; place < 3; place++) c.check(op.get(), pool, place);
    });
  });
}

TEST(Add, Shapes) {
  QNNP_TRACE_SEED();
  Random random(1);
  for (size_t repeat = 0; repeat < effort(60); repeat++) {
    check_shape(random.size(1, 9), random.size(1, 300), random.coin(), random);
  }
}

// Cut into tasks: dense, many rows, few wide rows with gaps.
TEST(Add, ManyTasks) {
  QNNP_TRACE_SEED();
  Random random(2);
  check_shape(effort(3000), 67, true, random);
  check_shape(effort(3000), 67, false, random);
  check_shape(2, effort(100001), false, random);
  check_shape(1, effort(200003), false, random);
}

TEST(Add, SetupAgainAndClones) {
  QNNP_TRACE_SEED();
  Random random(3);
  const Case first(3, 37, false, random);
  const OperatorHandle op = first.parameters().create();
  qnnp_operator_t copy = nullptr;
  ASSERT_EQ(qnnp_status_success, qnnp_clone_operator(op.get(), &copy));
  const OperatorHandle clone(copy);
  first.check(op.get(), nullptr, 0);
  first.check(clone.get(), nullptr, 1);
  first.check(op.get(), nullptr, 2);
}

// A failed setup leaves the binding: the next run repeats the last one.
TEST(Add, FailedSetupChangesNothing) {
  const OperatorHandle op = AddParameters().create();
  std::vector<uint8_t> a(10, 50), b(10, 210), sum(10);
  const auto setup = [&](size_t sum_stride) {
    return qnnp_setup_add_nc_q8(op.get(), 2, a.data(), 5, b.data(), 5, sum.data(), sum_stride);
  };
  EXPECT_EQ(qnnp_status_invalid_parameter, setup(4));
  EXPECT_EQ(qnnp_status_invalid_parameter, qnnp_run_operator(op.get(), nullptr));
  ASSERT_EQ(qnnp_status_success, setup(5));
  ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op.get(), nullptr));
  const std::vector<uint8_t> expected = sum;
  sum.assign(10, 0);
  EXPECT_EQ(qnnp_status_invalid_parameter, setup(4));
  EXPECT_EQ(qnnp_status_unsupported_parameter, setup(SIZE_MAX));
  ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op.get(), nullptr));
  EXPECT_EQ(expected, sum);
}

OperatorKind add_kind() {
  static std::vector<uint8_t> data(15);
  return {"add_nc_q8", "q8vadd ", "add_out",
          [](qnnp_operator_t* out) { return AddParameters().create(out); },
          [](qnnp_operator_t op, size_t batch) {
            uint8_t* p = batch == 0 ? nullptr : data.data();
            const size_t stride = batch == 0 ? 0 : 5;
            return qnnp_setup_add_nc_q8(op, batch, p, stride, p, stride, p, stride);
          }};
}

TEST(Add, LifeCycle) {
  expect_refusals_of_kind(add_kind());
  expect_empty_batch(add_kind());
  expect_description(add_kind(), 10, 5);
  expect_survives_lack_of_memory(add_kind().create);
}

template <class Change>
void expect_refused(enum qnnp_status status, const char* parameter, Change change) {
  AddParameters p;
  change(p);
  expect_create_refuses(status, parameter, [&](qnnp_operator_t* out) { return p.create(out); });
}

TEST(Add, RefusesParameters) {
  const auto invalid = qnnp_status_invalid_parameter;
  const auto unsupported = qnnp_status_unsupported_parameter;
  expect_refused(invalid, "channels", [](AddParameters& p) { p.channels = 0; });
  for (float scale :
       {0.0f, -1.0f, std::numeric_limits<float>::denorm_min(),
        std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()}) {
    expect_refused(invalid, "a_scale", [=](AddParameters& p) { p.a_scale = scale; });
    expect_refused(invalid, "b_scale", [=](AddParameters& p) { p.b_scale = scale; });
    expect_refused(invalid, "sum_scale", [=](AddParameters& p) { p.sum_scale = scale; });
  }
  expect_refused(invalid, "sum_min", [](AddParameters& p) { p.sum_min = p.sum_max = 7; });
  expect_refused(invalid, "sum_min", [](AddParameters& p) { p.sum_max = 0, p.sum_min = 1; });
  expect_refused(invalid, "flags", [](AddParameters& p) { p.flags = 1; });
  for (float ratio : {256.0f, std::nextafter(0x1p-14f, 0.0f)}) {
    expect_refused(unsupported, "a_scale / sum_scale",
                   [=](AddParameters& p) { p.sum_scale = 1, p.a_scale = ratio; });
    expect_refused(unsupported, "b_scale / sum_scale",
                   [=](AddParameters& p) { p.sum_scale = 1, p.b_scale = ratio; });
  }
  // Invalid before unsupported.
  expect_refused(invalid, "flags", [](AddParameters& p) { p.a_scale = 1e9f, p.flags = 1; });
}

TEST(Add, RefusesSetup) {
  const OperatorHandle op = AddParameters().create();
  uint8_t x[10] = {};
  const auto invalid = qnnp_status_invalid_parameter;
  const auto setup = [&](const uint8_t* a, size_t as, const uint8_t* b, size_t bs, uint8_t* s,
                         size_t ss, size_t batch) {
    return qnnp_setup_add_nc_q8(op.get(), batch, a, as, b, bs, s, ss);
  };
  expect_refusal(invalid, "a is NULL", setup(nullptr, 5, x, 5, x, 5, 2));
  expect_refusal(invalid, "b is NULL", setup(x, 5, nullptr, 5, x, 5, 2));
  expect_refusal(invalid, "sum is NULL", setup(x, 5, x, 5, nullptr, 5, 2));
  expect_refusal(invalid, "a_stride", setup(x, 4, x, 5, x, 5, 2));
  expect_refusal(invalid, "b_stride", setup(x, 5, x, 4, x, 5, 2));
  expect_refusal(invalid, "sum_stride", setup(x, 5, x, 5, x, 4, 2));
  const auto unsupported = qnnp_status_unsupported_parameter;
  const size_t huge = SIZE_MAX / 8;
  expect_refusal(unsupported, "a:", setup(x, huge, x, 5, x, 5, 8));
  expect_refusal(unsupported, "b:", setup(x, 5, x, huge, x, 5, 8));
  expect_refusal(unsupported, "sum:", setup(x, 5, x, 5, x, huge, 8));
  expect_refusal(invalid, "sum_stride", setup(x, huge, x, 5, x, 4, 8));
  expect_refusal(invalid, "set up", qnnp_run_operator(op.get(), nullptr));
}

}  // namespace
}  // namespace test
}  // namespace qnnp
