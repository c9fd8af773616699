// SPDX-License-Identifier: BSD-3-Clause
// Argmax against a loop: every instruction set and pool, types, ties; and what it refuses.
#include <gtest/gtest.h>

#include "harness/draw.h"
#include "harness/guarded_buffer.h"
#include "harness/isa.h"
#include "harness/operator_checks.h"
#include "harness/threads.h"

namespace qnnp {
namespace test {
namespace {

qnnp_argmax_desc plain(size_t channels) {
  qnnp_argmax_desc d = QNNP_ARGMAX_DESC_INIT;
  d.channels = channels;
  return d;
}

OperatorHandle create(const qnnp_argmax_desc& desc) {
  return create_operator([&](qnnp_operator_t* out) { return qnnp_create_argmax(&desc, out); });
}

template <class Element, class Index>
void check_types(const std::vector<uint8_t>& bytes, size_t batch, size_t channels, Random& random) {
  qnnp_argmax_desc d = plain(channels);
  d.input_type = std::is_signed<Element>::value ? qnnp_datatype_int8 : qnnp_datatype_uint8;
  d.output_type = sizeof(Index) == 8 ? qnnp_datatype_int64
                                     : (random.coin() ? qnnp_datatype_int32 : qnnp_datatype_uint8);
  const size_t output_stride = random.size(1, 3);
  GuardedRows input(batch, channels, channels + random.size(0, 70), Flush::right);
  input.assign(bytes);
  for_each_isa([&] {
    const OperatorHandle op = create(d);
    for_each_pool([&](pthreadpool_t pool) {
      GuardedBuffer<Index> output((batch - 1) * output_stride + 1, Flush::right);
      const std::vector<Index> before(output.begin(), output.end());
      ASSERT_EQ(qnnp_status_success,
                qnnp_setup_argmax(op.get(), batch, input.data(), input.stride(), output.data(),
                                  output_stride))
          << qnnp_get_last_error();
      ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op.get(), pool));
      for (size_t i = 0; i < output.size(); i++) {
        if (i % output_stride != 0) {
          ASSERT_EQ(before[i], output[i]);
          continue;
        }
        const size_t row = i / output_stride;
        size_t best = 0;
        for (size_t c = 1; c < channels; c++) {
          const auto value = [&](size_t at) { return static_cast<Element>(input.at(row, at)); };
          if (value(c) > value(best)) best = c;
        }
        ASSERT_EQ(static_cast<Index>(best), output[i]) << channels;
      }
      EXPECT_TRUE(output.intact());
    });
  });
}

void check(size_t batch, size_t channels, Random& random) {
  std::vector<uint8_t> bytes(batch * channels);
  draw_bytes(random, bytes);
  check_types<uint8_t, int32_t>(bytes, batch, channels, random);
  check_types<int8_t, int32_t>(bytes, batch, channels, random);
  check_types<uint8_t, int64_t>(bytes, batch, channels, random);
  check_types<int8_t, int64_t>(bytes, batch, channels, random);
}

TEST(Argmax, Shapes) {
  QNNP_TRACE_SEED();
  Random random(1);
  for_each_size(1, 80, [&](size_t channels) { check(random.size(1, 4), channels, random); });
  check(2, 1000, random);
  check(effort(500), 130, random);
  check(1, effort(100000) + 1, random);
}

TEST(Argmax, EveryPlaceAndTies) {
  const size_t channels = 130;
  const OperatorHandle op = create(plain(channels));
  for (size_t place = 0; place < channels; place++) {
    std::vector<uint8_t> x(channels, 3);
    for (size_t i = place; i < channels; i += 7) x[i] = 4;
    int32_t index = -1;
    ASSERT_EQ(qnnp_status_success, qnnp_setup_argmax(op.get(), 1, x.data(), channels, &index, 1));
    ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op.get(), nullptr));
    ASSERT_EQ(static_cast<int32_t>(place), index);
  }
}

OperatorKind kind() {
  static std::vector<uint8_t> data(100);
  static std::vector<int32_t> output(100);
  return {"argmax_nc_u8", "u8rmax ", "out-handle",
          [](qnnp_operator_t* out) {
            const qnnp_argmax_desc d = plain(5);
            return qnnp_create_argmax(&d, out);
          },
          [](qnnp_operator_t op, size_t batch) {
            const bool empty = batch == 0;
            return qnnp_setup_argmax(op, batch, empty ? nullptr : data.data(), empty ? 0 : 5,
                                     empty ? nullptr : output.data(), empty ? 0 : 1);
          }};
}

TEST(Argmax, LifeCycleAndClones) {
  expect_refusals_of_kind(kind());
  expect_empty_batch(kind());
  expect_description(kind(), 5, 4);
  expect_survives_lack_of_memory(kind().create);
  const uint8_t x[5] = {1, 9, 3, 9, 2};
  const OperatorHandle op = create(plain(5));
  qnnp_operator_t copy = nullptr;
  ASSERT_EQ(qnnp_status_success, qnnp_clone_operator(op.get(), &copy));
  const OperatorHandle clone(copy);
  int32_t first[2] = {}, second = 0;
  ASSERT_EQ(qnnp_status_success, qnnp_setup_argmax(op.get(), 1, x, 5, first, 1));
  ASSERT_EQ(qnnp_status_success, qnnp_setup_argmax(copy, 1, x, 5, &second, 1));
  ASSERT_EQ(qnnp_status_success, qnnp_run_operator(copy, nullptr));
  ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op.get(), nullptr));
  EXPECT_EQ(1, first[0]);
  EXPECT_EQ(1, second);
}

template <class Change>
void expect_refused(enum qnnp_status status, const char* parameter, Change change) {
  qnnp_argmax_desc d = plain(5);
  change(d);
  expect_create_refuses(status, parameter,
                        [&](qnnp_operator_t* out) { return qnnp_create_argmax(&d, out); });
}

TEST(Argmax, Refuses) {
  using Desc = qnnp_argmax_desc;
  const auto invalid = qnnp_status_invalid_parameter;
  const auto unsupported = qnnp_status_unsupported_parameter;
  expect_refused(invalid, "struct_size", [](Desc& d) { d.struct_size = 0; });
  expect_refused(invalid, "input_type", [](Desc& d) { d.input_type = qnnp_datatype_int32; });
  expect_refused(invalid, "output_type", [](Desc& d) { d.output_type = qnnp_datatype_int8; });
  expect_refused(invalid, "channels", [](Desc& d) { d.channels = 0; });
  expect_refused(invalid, "flags", [](Desc& d) { d.flags = 2; });
  expect_refused(unsupported, "channels", [](Desc& d) { d.channels = size_t{INT32_MAX} + 1; });
  const OperatorHandle op = create(plain(5));
  uint8_t x[5] = {};
  int32_t y = 0;
  const size_t huge = SIZE_MAX / 8;
  const auto setup = [&](const void* in, size_t in_stride, void* out, size_t out_stride) {
    return qnnp_setup_argmax(op.get(), 8, in, in_stride, out, out_stride);
  };
  expect_refusal(invalid, "input is NULL", setup(nullptr, 5, &y, 1));
  expect_refusal(invalid, "output is NULL", setup(x, 5, nullptr, 1));
  expect_refusal(invalid, "input_stride", setup(x, 4, &y, 1));
  expect_refusal(invalid, "output_stride", setup(x, 5, &y, 0));
  expect_refusal(unsupported, "input:", setup(x, huge, &y, 1));
  expect_refusal(unsupported, "output:", setup(x, 5, &y, huge));
  expect_refusal(invalid, "set up", qnnp_run_operator(op.get(), nullptr));
}

}  // namespace
}  // namespace test
}  // namespace qnnp
