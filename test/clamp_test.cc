// SPDX-License-Identifier: BSD-3-Clause
// The clamp operator: every instruction set and pool, strides, in place; and what it refuses.
#include <gtest/gtest.h>

#include "harness/draw.h"
#include "harness/guarded_buffer.h"
#include "harness/isa.h"
#include "harness/operator_checks.h"
#include "harness/threads.h"

namespace qnnp {
namespace test {
namespace {

OperatorHandle create_clamp(size_t channels, uint8_t low, uint8_t high) {
  return create_operator(
      [&](qnnp_operator_t* out) { return qnnp_create_clamp_nc_u8(channels, low, high, 0, out); });
}

// The long form, its limits in terms of uint8.
OperatorHandle create_clamp(size_t channels, enum qnnp_datatype input, enum qnnp_datatype output,
                            const Output& range) {
  const int offset = output == qnnp_datatype_int8 ? 128 : 0;
  qnnp_clamp_desc desc = QNNP_CLAMP_DESC_INIT;
  desc.channels = channels;
  desc.input_type = input;
  desc.output_type = output;
  desc.output_min = range.min - offset;
  desc.output_max = range.max - offset;
  return create_operator([&](qnnp_operator_t* out) { return qnnp_create_clamp(&desc, out); });
}

struct Case {
  size_t batch, channels, input_stride, output_stride;
  uint8_t input_flip, output_flip;
  Output range;
  Flush flush;
  std::vector<uint8_t> bytes, expected;

  Case(size_t batch_size, size_t n, bool dense, Random& random)
      : batch(batch_size),
        channels(n),
        input_stride(n + (dense ? 0 : random.size(0, 70))),
        output_stride(n + (dense ? 0 : random.size(0, 70))),
        input_flip(draw_flip(random)),
        output_flip(draw_flip(random)),
        range(draw_output(random)),
        flush(random.coin() ? Flush::left : Flush::right),
        bytes(batch_size * n) {
    draw_bytes(random, bytes);
    const uint8_t zero = output_flip;  // both limits there are the default of the long form
    if (range.min == zero && range.max == zero) range.max++;
    for (uint8_t x : bytes) {
      const uint8_t flipped = x ^ input_flip;
      expected.push_back(std::clamp(flipped, range.min, range.max) ^ output_flip);
    }
  }
  OperatorHandle create() const {
    if (input_flip == 0 && output_flip == 0) return create_clamp(channels, range.min, range.max);
    const auto type = [](uint8_t flip) {
      return flip == 0 ? qnnp_datatype_uint8 : qnnp_datatype_int8;
    };
    return create_clamp(channels, type(input_flip), type(output_flip), range);
  }
  void check(qnnp_operator_t op, pthreadpool_t pool, bool in_place) const {
    GuardedRows input(batch, channels, input_stride, flush);
    GuardedRows other(batch, channels, output_stride, flush);
    input.assign(bytes);
    GuardedRows& output = in_place ? input : other;
    ASSERT_EQ(qnnp_status_success, qnnp_setup_clamp(op, batch, input.data(), input.stride(),
                                                    output.data(), output.stride()))
        << qnnp_get_last_error();
    ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op, pool));
    EXPECT_TRUE(expected == output.dense()) << batch << " rows of " << channels;
    EXPECT_TRUE(input.intact() && other.intact());
  }
};

void check_shape(size_t batch, size_t channels, bool dense, Random& random) {
  const Case c(batch, channels, dense, random);
  for_each_isa([&] {
    const OperatorHandle op = c.create();
    for_each_pool([&](pthreadpool_t pool) {
      c.check(op.get(), pool, false);
      c.check(op.get(), pool, true);
    });
  });
}

TEST(Clamp, Shapes) {
  QNNP_TRACE_SEED();
  Random random(1);
  for (size_t repeat = 0; repeat < effort(60); repeat++) {
    check_shape(random.size(1, 9), random.size(1, 300), random.coin(), random);
  }
}

TEST(Clamp, ManyTasks) {
  QNNP_TRACE_SEED();
  Random random(2);
  check_shape(effort(3000), 67, true, random);
  check_shape(effort(3000), 67, false, random);
  check_shape(2, effort(100001), false, random);
}

TEST(Clamp, SetupAgainAndClones) {
  QNNP_TRACE_SEED();
  Random random(3);
  const Case c(3, 37, false, random);
  const OperatorHandle op = c.create();
  qnnp_operator_t copy = nullptr;
  ASSERT_EQ(qnnp_status_success, qnnp_clone_operator(op.get(), &copy));
  const OperatorHandle clone(copy);
  c.check(op.get(), nullptr, true);
  c.check(clone.get(), nullptr, false);
  c.check(op.get(), nullptr, false);
}

OperatorKind clamp_kind() {
  static std::vector<uint8_t> data(15);
  return {"clamp_nc_u8", "u8clamp ", "clamp_out",
          [](qnnp_operator_t* out) { return qnnp_create_clamp_nc_u8(5, 10, 20, 0, out); },
          [](qnnp_operator_t op, size_t batch) {
            uint8_t* p = batch == 0 ? nullptr : data.data();
            const size_t stride = batch == 0 ? 0 : 5;
            return qnnp_setup_clamp_nc_u8(op, batch, p, stride, p, stride);
          }};
}

TEST(Clamp, LifeCycle) {
  expect_refusals_of_kind(clamp_kind());
  expect_empty_batch(clamp_kind());
  expect_description(clamp_kind(), 5, 5);
  expect_survives_lack_of_memory(clamp_kind().create);
}

TEST(Clamp, RefusesParameters) {
  const auto expect = [](const char* parameter, size_t channels, uint8_t low, uint8_t high,
                         uint32_t flags) {
    expect_create_refuses(qnnp_status_invalid_parameter, parameter, [&](qnnp_operator_t* out) {
      return qnnp_create_clamp_nc_u8(channels, low, high, flags, out);
    });
  };
  expect("channels", 0, 0, 255, 0);
  expect("output_min", 1, 8, 7, 0);
  expect("flags", 1, 0, 255, 4);
}

TEST(Clamp, LongForm) {
  // uint8 x, both types, all four pairs: through any of them and back, every byte stays itself.
  uint8_t all[256], there[256], back[256];
  for (size_t i = 0; i < 256; i++) all[i] = static_cast<uint8_t>(i);
  const Output defaults = {0, 0, 255};
  for (enum qnnp_datatype type : {qnnp_datatype_uint8, qnnp_datatype_int8}) {
    const OperatorHandle to = create_clamp(256, qnnp_datatype_uint8, type, defaults);
    const OperatorHandle from = create_clamp(256, type, qnnp_datatype_uint8, defaults);
    ASSERT_EQ(qnnp_status_success, qnnp_setup_clamp(to.get(), 1, all, 256, there, 256));
    ASSERT_EQ(qnnp_status_success, qnnp_run_operator(to.get(), nullptr));
    ASSERT_EQ(qnnp_status_success, qnnp_setup_clamp(from.get(), 1, there, 256, back, 256));
    ASSERT_EQ(qnnp_status_success, qnnp_run_operator(from.get(), nullptr));
    EXPECT_EQ(type == qnnp_datatype_int8 ? 0x80 : 0, there[0]);
    EXPECT_EQ(0, memcmp(all, back, 256));
  }
  // Limits that are both 0: the default of the long form, limits of the short one.
  const OperatorHandle whole = create_clamp(2, qnnp_datatype_uint8, qnnp_datatype_uint8, {0, 0, 0});
  const OperatorHandle nothing = create_clamp(2, 0, 0);
  uint8_t y[2] = {};
  ASSERT_EQ(qnnp_status_success, qnnp_setup_clamp(whole.get(), 1, all + 8, 2, y, 2));
  ASSERT_EQ(qnnp_status_success, qnnp_run_operator(whole.get(), nullptr));
  EXPECT_EQ(9, y[1]);
  ASSERT_EQ(qnnp_status_success, qnnp_setup_clamp(nothing.get(), 1, all + 8, 2, y, 2));
  ASSERT_EQ(qnnp_status_success, qnnp_run_operator(nothing.get(), nullptr));
  EXPECT_EQ(0, y[1]);
}

template <class Change>
void expect_desc_refused(const char* parameter, Change change) {
  qnnp_clamp_desc d = QNNP_CLAMP_DESC_INIT;
  d.channels = 5;
  change(d);
  expect_create_refuses(qnnp_status_invalid_parameter, parameter,
                        [&](qnnp_operator_t* out) { return qnnp_create_clamp(&d, out); });
}

TEST(Clamp, RefusesDescription) {
  using D = qnnp_clamp_desc;
  expect_create_refuses(qnnp_status_invalid_parameter, "desc",
                        [](qnnp_operator_t* out) { return qnnp_create_clamp(nullptr, out); });
  expect_desc_refused("struct_size", [](D& d) { d.struct_size = 0; });
  expect_desc_refused("channels", [](D& d) { d.channels = 0; });
  expect_desc_refused("input_type", [](D& d) { d.input_type = qnnp_datatype_int32; });
  expect_desc_refused("output_type", [](D& d) { d.output_type = qnnp_datatype_float32; });
  expect_desc_refused("output_min", [](D& d) { d.output_min = -1; });
  expect_desc_refused("output_max", [](D& d) { d.output_max = 256; });
  expect_desc_refused("output_min", [](D& d) { d.output_min = 8, d.output_max = 7; });
  expect_desc_refused("output_max",
                      [](D& d) { d.output_type = qnnp_datatype_int8, d.output_max = 128; });
  expect_desc_refused("flags", [](D& d) { d.flags = 1; });
}

TEST(Clamp, RefusesSetup) {
  const OperatorHandle op = create_clamp(5, 0, 255);
  uint8_t x[10] = {};
  const auto setup = [&](const uint8_t* in, size_t in_stride, uint8_t* out, size_t out_stride) {
    return qnnp_setup_clamp_nc_u8(op.get(), 8, in, in_stride, out, out_stride);
  };
  const size_t huge = SIZE_MAX / 8;
  expect_refusal(qnnp_status_invalid_parameter, "input is NULL", setup(nullptr, 5, x, 5));
  expect_refusal(qnnp_status_invalid_parameter, "output is NULL", setup(x, 5, nullptr, 5));
  expect_refusal(qnnp_status_invalid_parameter, "input_stride", setup(x, 4, x, 5));
  expect_refusal(qnnp_status_invalid_parameter, "output_stride", setup(x, 5, x, 4));
  expect_refusal(qnnp_status_invalid_parameter, "output_stride", setup(x, huge, x, 4));
  expect_refusal(qnnp_status_unsupported_parameter, "input:", setup(x, huge, x, 5));
  expect_refusal(qnnp_status_unsupported_parameter, "output:", setup(x, 5, x, huge));
}

}  // namespace
}  // namespace test
}  // namespace qnnp
