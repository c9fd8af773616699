// SPDX-License-Identifier: BSD-3-Clause
// Group normalization against its definition and real arithmetic: every instruction set and pool,
// all types, groups, strides, in place; and what it refuses.
#include <gtest/gtest.h>

#include <cfloat>
#include <limits>

#include "harness/draw.h"
#include "harness/group_normalization_reference.h"
#include "harness/guarded_buffer.h"
#include "harness/isa.h"
#include "harness/operator_checks.h"
#include "harness/threads.h"

namespace qnnp {
namespace test {
namespace {

// Scales at which much of the output is inside its range, and some at which little is.
GroupNormalizationCase draw_case(size_t width, size_t channels, size_t groups, Random& random) {
  GroupNormalizationCase c = {};
  c.width = width;
  c.channels = channels;
  c.groups = groups;
  c.input_scale = static_cast<float>(std::exp2(random.real(-10, 10)));
  c.output_scale = static_cast<float>(std::exp2(random.real(-10, 3)));
  c.epsilon = random.coin() ? 0 : static_cast<float>(std::exp2(random.real(-30, 10)));
  c.output = draw_output(random);
  const double limit = random.coin() ? 60 : 4096;
  for (size_t i = 0; i < channels; i++) {
    c.gamma.push_back(static_cast<float>(c.output_scale * random.real(-limit, limit)));
    c.beta.push_back(static_cast<float>(c.output_scale * random.real(-200, 200)));
  }
  return c;
}

qnnp_group_normalization_desc describe(const GroupNormalizationCase& c, uint8_t input_flip,
                                       uint8_t output_flip) {
  qnnp_group_normalization_desc d = QNNP_GROUP_NORMALIZATION_DESC_INIT;
  d.channels = c.channels;
  d.groups = c.groups;
  d.gamma = c.gamma.data();
  d.beta = c.beta.data();
  d.epsilon = c.epsilon;
  if (input_flip != 0) d.input_type = qnnp_datatype_int8;
  if (output_flip != 0) d.output_type = qnnp_datatype_int8;
  d.input_scale = c.input_scale;
  d.output_scale = c.output_scale;
  d.output_zero_point = c.output.zero_point - output_flip;
  d.output_min = c.output.min - output_flip;
  d.output_max = c.output.max - output_flip;
  return d;
}

class Case {
 public:
  Case(size_t batch, size_t width, size_t channels, size_t groups, Random& random)
      : c_(draw_case(width, channels, groups, random)),
        batch_(batch),
        input_stride_(channels + (random.coin() ? 0 : random.size(0, 70))),
        output_stride_(channels + (random.coin() ? 0 : random.size(0, 70))),
        flush_(random.coin() ? Flush::left : Flush::right),
        input_flip_(draw_flip(random)),
        output_flip_(draw_flip(random)) {
    // Both limits 0 are the whole range.
    if (c_.output.min == output_flip_ && c_.output.max == output_flip_) c_.output.max++;
    const double bound = 0.5 + 0x1p-13;
    for (size_t image = 0; image < batch; image++) {
      std::vector<uint8_t> q(width * channels);
      draw_bytes(random, q);
      if (random.size(0, 4) == 0) {  // small variance around any mean
        const uint8_t mean = random.byte(1, 254);
        for (uint8_t& value : q) value = mean;
        q[random.size(0, q.size() - 1)]++;
      }
      std::vector<uint8_t> y = c_.definition(q);
      EXPECT_LT(c_.distance(q, y), bound) << width << " x " << channels << " / " << groups;
      for (uint8_t value : q) bytes_.push_back(value ^ input_flip_);
      for (uint8_t value : y) expected_.push_back(value ^ output_flip_);
    }
  }
  OperatorHandle create() const {
    const qnnp_group_normalization_desc d = describe(c_, input_flip_, output_flip_);
    return create_operator(
        [&](qnnp_operator_t* out) { return qnnp_create_group_normalization(&d, out); });
  }
  void check(qnnp_operator_t op, pthreadpool_t pool, bool in_place) const {
    GuardedRows input(batch_ * c_.width, c_.channels, input_stride_, flush_);
    GuardedRows other(batch_ * c_.width, c_.channels, output_stride_, flush_);
    input.assign(bytes_);
    GuardedRows& output = in_place ? input : other;
    ASSERT_EQ(qnnp_status_success,
              qnnp_setup_group_normalization(op, batch_, c_.width, input.data(), input.stride(),
                                             output.data(), output.stride()))
        << qnnp_get_last_error();
    ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op, pool));
    EXPECT_TRUE(expected_ == output.dense())
        << batch_ << " x " << c_.width << " x " << c_.channels << " / " << c_.groups;
    EXPECT_TRUE(input.intact() && other.intact());
    if (!in_place) {
      EXPECT_TRUE(bytes_ == input.dense());
    }
  }

 private:
  GroupNormalizationCase c_;
  size_t batch_, input_stride_, output_stride_;
  Flush flush_;
  uint8_t input_flip_, output_flip_;
  std::vector<uint8_t> bytes_, expected_;
};

void check_shape(size_t batch, size_t width, size_t channels, size_t groups, Random& random) {
  const Case c(batch, width, channels, groups, random);
  for_each_isa([&] {
    const OperatorHandle op = c.create();
    for_each_pool([&](pthreadpool_t pool) {
      c.check(op.get(), pool, false);
      c.check(op.get(), pool, true);
    });
  });
}

TEST(GroupNormalization, Shapes) {
  QNNP_TRACE_SEED();
  Random random(1);
  for (size_t repeat = 0; repeat < effort(20); repeat++) {
    const size_t groups = random.size(1, 8), size = random.size(1, 20);
    check_shape(random.size(1, 4), random.size(1, 50), groups * size, groups, random);
  }
  check_shape(2, 49, 70, 1, random);   // the image
  check_shape(2, 49, 70, 70, random);  // every channel
  check_shape(30, 1, 200, 1, random);  // the rows of NC
  check_shape(2, 3, 1, 1, random);
}

TEST(GroupNormalization, ManyTasks) {
  QNNP_TRACE_SEED();
  Random random(2);
  check_shape(1, effort(1200), 66, 3, random);
  check_shape(2, effort(300), 160, 1, random);
  check_shape(20, effort(25), 96, 8, random);
  check_shape(1, 2, effort(20000), 1, random);
}

TEST(GroupNormalization, SetupAgainAndClones) {
  QNNP_TRACE_SEED();
  Random random(3);
  const Case large(3, 37, 24, 4, random);
  OperatorHandle op = large.create();
  qnnp_operator_t copy = nullptr;
  ASSERT_EQ(qnnp_status_success, qnnp_clone_operator(op.get(), &copy));
  const OperatorHandle clone(copy);
  large.check(op.get(), nullptr, false);
  large.check(clone.get(), nullptr, true);
  op.reset();  // the clone keeps the shared constants
  large.check(clone.get(), nullptr, false);
}

// gamma 1, beta 0, one group, uint8, whole range.
TEST(GroupNormalization, Defaults) {
  qnnp_group_normalization_desc d = QNNP_GROUP_NORMALIZATION_DESC_INIT;
  d.channels = 4;
  d.input_scale = 3;
  d.output_scale = 0.25f;
  d.output_zero_point = 128;
  const OperatorHandle op = create_operator(
      [&](qnnp_operator_t* out) { return qnnp_create_group_normalization(&d, out); });
  const uint8_t x[8] = {10, 30, 10, 30, 7, 7, 7, 7};  // mean 20, deviation 10; all equal
  const uint8_t expected[8] = {124, 132, 124, 132, 128, 128, 128, 128};
  uint8_t y[8] = {};
  ASSERT_EQ(qnnp_status_success, qnnp_setup_group_normalization(op.get(), 2, 1, x, 4, y, 4));
  ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op.get(), nullptr));
  for (size_t i = 0; i < 8; i++) EXPECT_EQ(expected[i], y[i]) << i;
}

qnnp_group_normalization_desc valid() {
  qnnp_group_normalization_desc d = QNNP_GROUP_NORMALIZATION_DESC_INIT;
  d.channels = 6;
  d.groups = 2;
  d.input_scale = d.output_scale = 1;
  return d;
}

OperatorKind norm_kind() {
  static std::vector<uint8_t> data(90);
  return {"group_normalization_nwc_q8", "q8gnorm ", "out-handle",
          [](qnnp_operator_t* out) {
            const qnnp_group_normalization_desc d = valid();
            return qnnp_create_group_normalization(&d, out);
          },
          [](qnnp_operator_t op, size_t batch) {
            uint8_t* p = batch == 0 ? nullptr : data.data();
            const size_t stride = batch == 0 ? 0 : 6, width = batch == 0 ? 0 : 5;
            return qnnp_setup_group_normalization(op, batch, width, p, stride, p, stride);
          }};
}

TEST(GroupNormalization, LifeCycle) {
  expect_refusals_of_kind(norm_kind());
  expect_empty_batch(norm_kind());
  expect_description(norm_kind(), 30, 30);
  expect_survives_lack_of_memory(norm_kind().create);
}

// A setup that is refused, or gets no memory, leaves the binding: the next run repeats the last.
TEST(GroupNormalization, FailedSetupChangesNothing) {
  FailingAllocator allocator(5);  // plan, constants, operator, the first setup's sums; no more
  std::vector<uint8_t> x(6000), y(6000);
  for (size_t i = 0; i < x.size(); i++) x[i] = static_cast<uint8_t>(i * i);
  OperatorHandle op = create_operator(norm_kind().create);
  const auto setup = [&](size_t batch, size_t stride) {
    return qnnp_setup_group_normalization(op.get(), batch, 2, x.data(), stride, y.data(), stride);
  };
  EXPECT_EQ(qnnp_status_invalid_parameter, setup(1, 5));
  EXPECT_EQ(qnnp_status_invalid_parameter, qnnp_run_operator(op.get(), nullptr));
  ASSERT_EQ(qnnp_status_success, setup(1, 6));
  ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op.get(), nullptr));
  const std::vector<uint8_t> expected = y;
  y.assign(y.size(), 0);
  EXPECT_EQ(qnnp_status_invalid_parameter, setup(1, 5));
  EXPECT_EQ(qnnp_status_out_of_memory, setup(500, 6));
  ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op.get(), nullptr));
  EXPECT_EQ(expected, y);
  EXPECT_EQ(qnnp_status_success, setup(1, 7));  // in the memory it has
  op.reset();
}

template <class Change>
void expect_refused(enum qnnp_status status, const char* parameter, Change change) {
  qnnp_group_normalization_desc d = valid();
  change(d);
  expect_create_refuses(status, parameter, [&](qnnp_operator_t* out) {
    return qnnp_create_group_normalization(&d, out);
  });
}

TEST(GroupNormalization, RefusesParameters) {
  using D = qnnp_group_normalization_desc;
  const auto invalid = qnnp_status_invalid_parameter;
  const auto unsupported = qnnp_status_unsupported_parameter;
  const float infinity = std::numeric_limits<float>::infinity();
  const float nan = std::numeric_limits<float>::quiet_NaN();
  expect_create_refuses(invalid, "desc", [](qnnp_operator_t* out) {
    return qnnp_create_group_normalization(nullptr, out);
  });
  expect_refused(invalid, "struct_size", [](D& d) { d.struct_size++; });
  expect_refused(invalid, "channels", [](D& d) { d.channels = 0; });
  expect_refused(invalid, "groups", [](D& d) { d.groups = 4; });
  expect_refused(invalid, "groups", [](D& d) { d.groups = 12; });
  for (float bad : {infinity, -infinity, nan}) {
    const float values[6] = {1, 1, 1, 1, bad, 1};
    expect_refused(invalid, "gamma[4]", [&](D& d) { d.gamma = values; });
    expect_refused(invalid, "beta[4]", [&](D& d) { d.beta = values; });
  }
  for (float bad : {-FLT_MIN, -1.0f, infinity, nan}) {
    expect_refused(invalid, "epsilon", [=](D& d) { d.epsilon = bad; });
  }
  for (float bad : {0.0f, -1.0f, FLT_MIN / 2, infinity, nan}) {
    expect_refused(invalid, "input_scale", [=](D& d) { d.input_scale = bad; });
    expect_refused(invalid, "output_scale", [=](D& d) { d.output_scale = bad; });
  }
  expect_refused(invalid, "input_type", [](D& d) { d.input_type = qnnp_datatype_int32; });
  expect_refused(invalid, "output_type", [](D& d) { d.output_type = qnnp_datatype_float32; });
  expect_refused(invalid, "output_zero_point", [](D& d) { d.output_zero_point = 256; });
  expect_refused(invalid, "output_min", [](D& d) { d.output_min = -1; });
  expect_refused(invalid, "output_min", [](D& d) { d.output_min = 2, d.output_max = 1; });
  expect_refused(invalid, "flags", [](D& d) { d.flags = 1; });
  const float gamma[6] = {4096, -4096, 4097, 0, 0, 0};
  const float beta[6] = {0x1p24f, -0x1p25f, 0, 0, 0, 0};
  expect_refused(unsupported, "gamma[2]", [&](D& d) { d.gamma = gamma; });
  expect_refused(unsupported, "beta[1]", [&](D& d) { d.beta = beta; });
  expect_refused(unsupported, "gamma[0]", [](D& d) { d.output_scale = 0x1p-13f; });
  expect_refused(unsupported, "channels",
                 [](D& d) { d.channels = SIZE_MAX / 2 - 1, d.groups = 1; });
  // Arrays that cannot exist are not read.
  const GuardedBuffer<float> nothing(0, Flush::right);
  expect_refused(unsupported, "channels", [&](D& d) {
    d.channels = SIZE_MAX / 2 - 1, d.groups = 1;
    d.gamma = d.beta = nothing.data();
  });
}

TEST(GroupNormalization, RefusesSetup) {
  const OperatorHandle op = create_operator(norm_kind().create);
  uint8_t x[60] = {};
  const auto setup = [&](size_t width, const uint8_t* in, size_t in_stride, uint8_t* out,
                         size_t out_stride) {
    return qnnp_setup_group_normalization(op.get(), 8, width, in, in_stride, out, out_stride);
  };
  const auto invalid = qnnp_status_invalid_parameter;
  const auto unsupported = qnnp_status_unsupported_parameter;
  const size_t huge = SIZE_MAX / 8;
  expect_refusal(invalid, "width", setup(0, x, 6, x, 6));
  expect_refusal(invalid, "input is NULL", setup(1, nullptr, 6, x, 6));
  expect_refusal(invalid, "output is NULL", setup(1, x, 6, nullptr, 6));
  expect_refusal(invalid, "input_stride", setup(1, x, 5, x, 6));
  expect_refusal(invalid, "output_stride", setup(1, x, huge, x, 5));
  expect_refusal(unsupported, "input:", setup(1, x, huge, x, 6));
  expect_refusal(unsupported, "output:", setup(1, x, 6, x, huge));
  expect_refusal(unsupported, "input:", setup(huge, x, 6, x, 6));
  if (sizeof(size_t) == 8) {
    expect_refusal(unsupported, "width", setup(size_t{1} << 31, x, 6, x, 6));
  }
  expect_refusal(invalid, "set up", qnnp_run_operator(op.get(), nullptr));
}

}  // namespace
}  // namespace test
}  // namespace qnnp
