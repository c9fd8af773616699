// SPDX-License-Identifier: BSD-3-Clause
// The global average pooling operator against its definition: every instruction set and pool,
// strides; and what it refuses.
#include <gtest/gtest.h>

#include <cfloat>
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

struct Pooling {
  size_t channels = 5;
  uint8_t input_zero_point = 7;
  float input_scale = 1.0f;
  uint8_t output_zero_point = 9;
  float output_scale = 1.0f;
  uint8_t output_min = 0, output_max = 255;
  uint32_t flags = 0;

  enum qnnp_status create(qnnp_operator_t* out) const {
    return qnnp_create_global_average_pooling_nwc_q8(channels, input_zero_point, input_scale,
                                                     output_zero_point, output_scale, output_min,
                                                     output_max, flags, out);
  }
  OperatorHandle create() const {
    return create_operator([this](qnnp_operator_t* out) { return create(out); });
  }
};

Pooling draw_pooling(size_t channels, Random& random) {
  Pooling p;
  p.channels = channels;
  p.input_zero_point = draw_zero_point(random);
  p.input_scale = static_cast<float>(std::exp2(random.real(-7.9, 7.9)));
  const Output output = draw_output(random);
  p.output_zero_point = output.zero_point;
  p.output_min = output.min;
  p.output_max = output.max;
  return p;
}

class Case {
 public:
  Case(const Pooling& pooling, size_t batch, size_t width, Random& random)
      : p_(pooling),
        batch_(batch),
        width_(width),
        input_stride_(p_.channels + (random.coin() ? 0 : random.size(1, 70))),
        output_stride_(p_.channels + (random.coin() ? 0 : random.size(1, 70))),
        flush_(random.coin() ? Flush::left : Flush::right),
        bytes_(batch * width * p_.channels) {
    draw_bytes(random, bytes_);
    for (size_t image = 0; image < batch; image++) {
      for (size_t channel = 0; channel < p_.channels; channel++) {
        int64_t sum = 0;
        for (size_t pixel = 0; pixel < width; pixel++) {
          sum += bytes_[(image * width + pixel) * p_.channels + channel] - p_.input_zero_point;
        }
        expected_.push_back(
            requantize_reference(sum, mean_scale(p_.input_scale, p_.output_scale, width),
                                 {p_.output_zero_point, p_.output_min, p_.output_max}));
      }
    }
  }
  void check(qnnp_operator_t op, pthreadpool_t pool) const {
    GuardedRows input(batch_ * width_, p_.channels, input_stride_, flush_);
    GuardedRows output(batch_, p_.channels, output_stride_, flush_);
    input.assign(bytes_);
    ASSERT_EQ(qnnp_status_success,
              qnnp_setup_global_average_pooling_nwc_q8(
                  op, batch_, width_, input.data(), input.stride(), output.data(), output.stride()))
        << qnnp_get_last_error();
    ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op, pool));
    EXPECT_TRUE(expected_ == output.dense())
        << batch_ << " images of " << width_ << " x " << p_.channels;
    EXPECT_TRUE(output.intact());
  }

 private:
  Pooling p_;
  size_t batch_, width_, input_stride_, output_stride_;
  Flush flush_;
  std::vector<uint8_t> bytes_, expected_;
};

void check(size_t batch, size_t width, size_t channels, Random& random) {
  const Pooling pooling = draw_pooling(channels, random);
  const Case c(pooling, batch, width, random);
  for_each_isa([&] {
    const OperatorHandle op = pooling.create();
    for_each_pool([&](pthreadpool_t pool) { c.check(op.get(), pool); });
  });
}

TEST(GlobalAveragePooling, Shapes) {
  QNNP_TRACE_SEED();
  Random random(1);
  for (size_t repeat = 0; repeat < effort(100); repeat++) {
    check(random.size(1, 4), random.size(1, 60), random.size(1, 300), random);
  }
}

TEST(GlobalAveragePooling, ManyTasks) {
  QNNP_TRACE_SEED();
  Random random(2);
  check(1, 49, 1283, random);
  check(1, effort(3000), 70, random);
  check(effort(100), 9, 130, random);
  check(3, effort(300), 200, random);
}

TEST(GlobalAveragePooling, SetupAgainAndClones) {
  QNNP_TRACE_SEED();
  Random random(3);
  const Pooling p = draw_pooling(37, random);
  const Case narrow(p, 3, 4, random), wide(p, 2, 300, random);
  const OperatorHandle op = p.create();
  qnnp_operator_t copy = nullptr;
  ASSERT_EQ(qnnp_status_success, qnnp_clone_operator(op.get(), &copy));
  const OperatorHandle clone(copy);
  narrow.check(op.get(), nullptr);
  wide.check(clone.get(), nullptr);
  wide.check(op.get(), nullptr);
  narrow.check(op.get(), nullptr);
}

OperatorKind kind() {
  static std::vector<uint8_t> data(1000), output(1000);
  return {"global_average_pooling_nwc_q8", "q8gavgpool ", "global_average_pooling_out",
          [](qnnp_operator_t* out) { return Pooling().create(out); },
          [](qnnp_operator_t op, size_t batch) {
            const bool empty = batch == 0;
            return qnnp_setup_global_average_pooling_nwc_q8(
                op, batch, empty ? 0 : 6, empty ? nullptr : data.data(), empty ? 0 : 5,
                empty ? nullptr : output.data(), empty ? 0 : 5);
          }};
}

TEST(GlobalAveragePooling, LifeCycle) {
  expect_refusals_of_kind(kind());
  expect_empty_batch(kind());
  expect_description(kind(), 6 * 5, 5);
  expect_survives_lack_of_memory(kind().create);
}

template <class Change>
void expect_refused(enum qnnp_status status, const char* parameter, Change change) {
  Pooling p;
  change(p);
  expect_create_refuses(status, parameter, [&](qnnp_operator_t* out) { return p.create(out); });
}

TEST(GlobalAveragePooling, RefusesParameters) {
  const auto invalid = qnnp_status_invalid_parameter;
  const auto unsupported = qnnp_status_unsupported_parameter;
  expect_refused(invalid, "channels", [](Pooling& p) { p.channels = 0; });
  for (float scale : {0.0f, -1.0f, FLT_MIN / 2, std::numeric_limits<float>::infinity(),
                      std::numeric_limits<float>::quiet_NaN()}) {
    expect_refused(invalid, "input_scale", [=](Pooling& p) { p.input_scale = scale; });
    expect_refused(invalid, "output_scale", [=](Pooling& p) { p.output_scale = scale; });
  }
  expect_refused(invalid, "output_min", [](Pooling& p) { p.output_min = 9, p.output_max = 8; });
  expect_refused(invalid, "flags", [](Pooling& p) { p.flags = 1; });
  for (float ratio : {256.0f, std::nextafter(0x1p-8f, 0.0f)}) {
    expect_refused(unsupported, "input_scale / output_scale",
                   [=](Pooling& p) { p.input_scale = ratio; });
  }
  expect_refused(invalid, "flags", [](Pooling& p) { p.input_scale = 256, p.flags = 1; });
}

TEST(GlobalAveragePooling, RefusesSetup) {
  Pooling p;
  p.input_zero_point = 0;
  const OperatorHandle op = p.create();
  std::vector<uint8_t> x(100), y(100);
  const auto setup = [&](size_t width, const uint8_t* in, size_t in_stride, uint8_t* out,
                         size_t out_stride) {
    return qnnp_setup_global_average_pooling_nwc_q8(op.get(), 2, width, in, in_stride, out,
                                                    out_stride);
  };
  const auto invalid = qnnp_status_invalid_parameter;
  const auto unsupported = qnnp_status_unsupported_parameter;
  expect_refusal(invalid, "width", setup(0, x.data(), 5, y.data(), 5));
  expect_refusal(invalid, "input is NULL", setup(4, nullptr, 5, y.data(), 5));
  expect_refusal(invalid, "output is NULL", setup(4, x.data(), 5, nullptr, 5));
  expect_refusal(invalid, "input_stride", setup(4, x.data(), 4, y.data(), 5));
  expect_refusal(invalid, "output_stride", setup(4, x.data(), 5, y.data(), 4));
  const size_t huge = SIZE_MAX / 4 + 1;
  expect_refusal(unsupported, "input:", setup(huge, x.data(), 5, y.data(), 5));
  expect_refusal(unsupported, "input:", setup(4, x.data(), huge, y.data(), 5));
  expect_refusal(unsupported, "output:", setup(4, x.data(), 5, y.data(), huge));
  expect_refusal(unsupported, "width", setup(INT32_MAX / 255 + 1, x.data(), 5, y.data(), 5));
  expect_refusal(invalid, "set up", qnnp_run_operator(op.get(), nullptr));
}

}  // namespace
}  // namespace test
}  // namespace qnnp
