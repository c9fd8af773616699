// SPDX-License-Identifier: BSD-3-Clause
// The long form of global pooling: means and maxima, signed and unsigned, against the definition.
#include <gtest/gtest.h>

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

OperatorHandle create(const qnnp_global_pooling_desc& desc) {
  return create_operator(
      [&](qnnp_operator_t* out) { return qnnp_create_global_pooling(&desc, out); });
}

struct GlobalCase {
  GlobalCase(const qnnp_global_pooling_desc& desc, size_t images, size_t pixels, Random& random)
      : d(desc), batch(images), width(pixels), bytes(images * pixels * d.channels) {
    draw_bytes(random, bytes);
    for (size_t image = 0; image < batch; image++) {
      for (size_t c = 0; c < d.channels; c++) expected.push_back(reference(image, c));
    }
  }
  uint8_t reference(size_t image, size_t c) const {
    int64_t sum = 0;
    int largest = 0;
    for (size_t i = image * width; i < (image + 1) * width; i++) {
      sum += bytes[i * d.channels + c] - d.input_zero_point;
      largest = std::max<int>(largest, bytes[i * d.channels + c]);
    }
    const Output out = {static_cast<uint8_t>(d.output_zero_point), 10, 240};
    if (d.operation == qnnp_reduction_max) {
      return static_cast<uint8_t>(std::clamp<int>(largest, out.min, out.max));
    }
    return requantize_reference(sum, mean_scale(d.input_scale, d.output_scale, width), out);
  }
  void check(qnnp_operator_t op, pthreadpool_t pool, uint8_t flip, size_t extra) const {
    GuardedRows input(batch * width, d.channels, d.channels + extra, Flush::right);
    GuardedRows out(batch, d.channels, d.channels + extra, Flush::left);
    std::vector<uint8_t> data = bytes, wanted = expected;
    for (uint8_t& x : data) x ^= flip;
    for (uint8_t& x : wanted) x ^= flip;
    input.assign(data);
    ASSERT_EQ(qnnp_status_success,
              qnnp_setup_global_pooling(op, batch, width, input.data(), input.stride(), out.data(),
                                        out.stride()))
        << qnnp_get_last_error();
    ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op, pool));
    EXPECT_TRUE(wanted == out.dense());
    EXPECT_TRUE(out.intact());
  }
  qnnp_global_pooling_desc d;
  size_t batch, width;
  std::vector<uint8_t> bytes, expected;
};

qnnp_global_pooling_desc plain_global(enum qnnp_reduction operation, size_t channels) {
  qnnp_global_pooling_desc d = QNNP_GLOBAL_POOLING_DESC_INIT;
  d.operation = operation;
  d.channels = channels;
  d.input_scale = 1.5f;
  d.output_scale = 1.0f;
  d.input_zero_point = 120;
  d.output_zero_point = 100;
  d.output_min = 10;
  d.output_max = 240;
  return d;
}

TEST(GlobalPooling, BothOperationsAndTypes) {
  QNNP_TRACE_SEED();
  Random random(4);
  for (enum qnnp_reduction operation : {qnnp_reduction_mean, qnnp_reduction_max}) {
    for (size_t channels : {1, 31, 64, 200, 1030}) {
      const qnnp_global_pooling_desc d = plain_global(operation, channels);
      const GlobalCase c(d, 2, 49, random), wide(d, 1, effort(1500), random);
      for_each_isa([&] {
        const OperatorHandle op = create(d), other = create(signed_desc(d));
        for_each_pool([&](pthreadpool_t pool) {
          c.check(op.get(), pool, 0, 3);
          c.check(other.get(), pool, 0x80, 0);
          wide.check(op.get(), pool, 0, 0);
          wide.check(other.get(), pool, 0x80, 5);
        });
      });
    }
  }
}

OperatorKind global_kind(enum qnnp_reduction operation) {
  static std::vector<uint8_t> data(1000), output(1000);
  const bool largest = operation == qnnp_reduction_max;
  return {largest ? "global_max_pooling_nwc_u8" : "global_average_pooling_nwc_q8",
          largest ? "u8maxpool " : "q8gavgpool ", "out-handle",
          [operation](qnnp_operator_t* out) {
            const qnnp_global_pooling_desc d = plain_global(operation, 5);
            return qnnp_create_global_pooling(&d, out);
          },
          [](qnnp_operator_t op, size_t batch) {
            const bool empty = batch == 0;
            return qnnp_setup_global_pooling(op, batch, empty ? 0 : 6,
                                             empty ? nullptr : data.data(), empty ? 0 : 5,
                                             empty ? nullptr : output.data(), empty ? 0 : 5);
          }};
}

TEST(GlobalPooling, LifeCycle) {
  for (enum qnnp_reduction operation : {qnnp_reduction_mean, qnnp_reduction_max}) {
    if (operation == qnnp_reduction_mean) expect_refusals_of_kind(global_kind(operation));
    expect_empty_batch(global_kind(operation));
    expect_description(global_kind(operation), 6 * 5, 5);
    expect_survives_lack_of_memory(global_kind(operation).create);
  }
}

TEST(GlobalPooling, Refuses) {
  const auto invalid = qnnp_status_invalid_parameter;
  const auto refused = [](enum qnnp_status status, const char* parameter, auto change) {
    qnnp_global_pooling_desc d = plain_global(qnnp_reduction_mean, 5);
    change(d);
    expect_create_refuses(status, parameter, [&](qnnp_operator_t* out) {
      return qnnp_create_global_pooling(&d, out);
    });
  };
  using Desc = qnnp_global_pooling_desc;
  refused(invalid, "struct_size", [](Desc& d) { d.struct_size = 0; });
  refused(invalid, "type", [](Desc& d) { d.type = qnnp_datatype_float32; });
  refused(invalid, "channels", [](Desc& d) { d.channels = 0; });
  refused(invalid, "input_zero_point", [](Desc& d) { d.input_zero_point = 256; });
  refused(invalid, "input_scale", [](Desc& d) { d.input_scale = 0; });
  refused(invalid, "flags", [](Desc& d) { d.flags = 1; });
  refused(qnnp_status_unsupported_parameter, "input_scale / output_scale",
          [](Desc& d) { d.input_scale = 1024; });
  uint8_t x[30] = {}, y[5] = {};
  // A maximum has no sum.
  const OperatorHandle largest = create(plain_global(qnnp_reduction_max, 5));
  expect_refusal(invalid, "width", qnnp_setup_global_pooling(largest.get(), 1, 0, x, 5, y, 5));
  expect_refusal(invalid, "input_stride",
                 qnnp_setup_global_pooling(largest.get(), 1, 6, x, 4, y, 5));
  EXPECT_EQ(qnnp_status_success,
            qnnp_setup_global_pooling(largest.get(), 1, size_t{1} << 28, x, 5, y, 5));
  const OperatorHandle mean = create(plain_global(qnnp_reduction_mean, 5));
  expect_refusal(qnnp_status_unsupported_parameter, "width",
                 qnnp_setup_global_pooling(mean.get(), 1, size_t{1} << 28, x, 5, y, 5));
}

}  // namespace
}  // namespace test
}  // namespace qnnp
