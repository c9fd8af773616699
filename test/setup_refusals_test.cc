// SPDX-License-Identifier: BSD-3-Clause
// Everything that the setup of a convolution or a fully connected operator refuses: status and
// sentence, and the operator stays as it was. Sizes at the edge of what can be addressed.
#include <gtest/gtest.h>
#include <qnnpack.h>

#include <cstring>
#include <string>
#include <vector>

#include "harness/isa.h"
#include "harness/size_limits.h"

namespace qnnp {
namespace test {
namespace {

constexpr enum qnnp_status kInvalid = qnnp_status_invalid_parameter;
constexpr enum qnnp_status kUnsupported = qnnp_status_unsupported_parameter;

// Parameters of both setups; a fully connected operator has no height and width.
struct Binding {
  qnnp_operator_t op;
  size_t batch, height, width;
  const uint8_t* input;
  size_t input_stride;
  uint8_t* output;
  size_t output_stride;
};

enum class Kind { pointwise, depthwise, indirect, fully_connected };

struct Refusal {
  const char* what;
  enum qnnp_status status;
  const char* parameter;
  const char* value;
  void (*spoil)(Binding& setup);
  bool of_images;  // not of a fully connected operator
};

#define SPOIL(statement) [](Binding& s) { statement; }

constexpr Refusal kRefusals[] = {
    {"no operator", kInvalid, "operator", "NULL", SPOIL(s.op = nullptr), false},
    {"height zero", kInvalid, "input_height", "0", SPOIL(s.height = 0), true},
    {"width zero", kInvalid, "input_width", "0", SPOIL(s.width = 0), true},
    {"no input", kInvalid, "input", "NULL", SPOIL(s.input = nullptr), false},
    {"no output", kInvalid, "output", "NULL", SPOIL(s.output = nullptr), false},
    {"input stride zero", kInvalid, "input_stride", "0", SPOIL(s.input_stride = 0), false},
    {"input stride", kInvalid, "input_stride", "5", SPOIL(s.input_stride = 5), false},
    {"output stride zero", kInvalid, "output_stride", "0", SPOIL(s.output_stride = 0), false},
    {"output stride", kInvalid, "output_stride", "5", SPOIL(s.output_stride = 5), false},
    {"batch", kUnsupported, "batch_size", TEXT_SIZE_MAX, SPOIL(s.batch = SIZE_MAX), true},
    {"batch x stride", kUnsupported, "input", TEXT_QUARTER,
     SPOIL(s.batch = 4; s.input_stride = kQuarter), false},
    {"batch x output stride", kUnsupported, "output", TEXT_QUARTER,
     SPOIL(s.batch = 4; s.output_stride = kQuarter), false},
    {"input stride largest", kUnsupported, "input", TEXT_SIZE_MAX, SPOIL(s.input_stride = SIZE_MAX),
     false},
    {"output stride largest", kUnsupported, "output", TEXT_SIZE_MAX,
     SPOIL(s.output_stride = SIZE_MAX), false},
    {"height largest", kUnsupported, "input", TEXT_SIZE_MAX, SPOIL(s.height = SIZE_MAX), true},
    {"width largest", kUnsupported, "input", TEXT_SIZE_MAX, SPOIL(s.width = SIZE_MAX), true},
    {"height x width wraps", kUnsupported, "pixels", TEXT_ROOT, SPOIL(s.height = s.width = kRoot),
     true},
    {"height x stride wraps", kUnsupported, "input", TEXT_BELOW_TOP_BIT,
     SPOIL(s.height = kTopBit - 1), true},
};

constexpr size_t kChannels = 6;

qnnp_operator_t create(Kind kind) {
  std::vector<uint8_t> kernel(kChannels * kChannels * 9);
  for (size_t i = 0; i < kernel.size(); i++) kernel[i] = static_cast<uint8_t>(i * 89);
  const std::vector<int32_t> bias(kChannels, 1000);
  qnnp_operator_t op = nullptr;
  if (kind == Kind::fully_connected) {
    EXPECT_EQ(qnnp_status_success, qnnp_create_fully_connected_nc_q8(
                                       kChannels, kChannels, 3, 1.0f, 128, 1.0f, kernel.data(),
                                       bias.data(), 100, 500.0f, 0, 255, 0, &op));
    return op;
  }
  const uint32_t size = kind == Kind::pointwise ? 1 : 3;
  const uint32_t groups = kind == Kind::depthwise ? kChannels : 1;
  EXPECT_EQ(qnnp_status_success,
            qnnp_create_convolution2d_nhwc_q8(
                0, 0, 0, 0, size, size, 1, 1, 1, 1, groups, kChannels / groups, kChannels / groups,
                3, 1.0f, 128, 1.0f, kernel.data(), bias.data(), 100, 500.0f, 0, 255, 0, &op));
  return op;
}

enum qnnp_status call(Kind kind, const Binding& s) {
  return kind == Kind::fully_connected
             ? qnnp_setup_fully_connected_nc_q8(s.op, s.batch, s.input, s.input_stride, s.output,
                                                s.output_stride)
             : qnnp_setup_convolution2d_nhwc_q8(s.op, s.batch, s.height, s.width, s.input,
                                                s.input_stride, s.output, s.output_stride, nullptr);
}

// An operator with buffers of one image of 3 x 4 pixels (3 rows for a fully connected one).
class SetupRefusals : public ::testing::TestWithParam<Kind> {
 protected:
  void SetUp() override {
    for (size_t i = 0; i < input_.size(); i++) input_[i] = static_cast<uint8_t>(i * 57);
    op_ = create(GetParam());
    ASSERT_NE(nullptr, op_);
  }
  void TearDown() override { EXPECT_EQ(qnnp_status_success, qnnp_delete_operator(op_)); }

  bool images() const { return GetParam() != Kind::fully_connected; }
  Binding valid() {
    return {op_, images() ? 1u : 3u, 3, 4, input_.data(), kChannels, output_.data(), kChannels};
  }
  enum qnnp_status call(const Binding& s) const { return test::call(GetParam(), s); }
  std::vector<uint8_t> run() {
    std::fill(output_.begin(), output_.end(), uint8_t{0xEE});
    EXPECT_EQ(qnnp_status_success, qnnp_run_operator(op_, nullptr));
    return output_;
  }

  qnnp_operator_t op_ = nullptr;
  std::vector<uint8_t> input_ = std::vector<uint8_t>(3 * 4 * kChannels);
  std::vector<uint8_t> output_ = std::vector<uint8_t>(3 * 4 * kChannels);
};

void expect_refused(const Refusal& refusal, enum qnnp_status status) {
  EXPECT_EQ(refusal.status, status) << qnnp_get_last_error();
  EXPECT_NE(nullptr, strstr(qnnp_get_last_error(), refusal.parameter)) << qnnp_get_last_error();
  EXPECT_NE(nullptr, strstr(qnnp_get_last_error(), refusal.value)) << qnnp_get_last_error();
}

TEST_P(SetupRefusals, EachWithASentence) {
  for (const Refusal& refusal : kRefusals) {
    if (refusal.of_images && !images()) continue;
    SCOPED_TRACE(refusal.what);
    Binding setup = valid();
    refusal.spoil(setup);
    expect_refused(refusal, call(setup));
    // The operator has no buffers yet, and a failure gives it none.
    EXPECT_EQ(kInvalid, qnnp_run_operator(op_, nullptr));
  }
}

TEST_P(SetupRefusals, LeaveTheOperatorAsItWas) {
  ASSERT_EQ(qnnp_status_success, call(valid()));
  const std::vector<uint8_t> expected = run();
  for (const Refusal& refusal : kRefusals) {
    if (refusal.of_images && !images()) continue;
    SCOPED_TRACE(refusal.what);
    Binding setup = valid();
    setup.batch = 1;
    setup.height = setup.width = 3;
    refusal.spoil(setup);
    expect_refused(refusal, call(setup));
    EXPECT_TRUE(expected == run());
  }
}

TEST_P(SetupRefusals, InvalidComesBeforeUnsupported) {
  for (const Refusal& invalid : kRefusals) {
    for (const Refusal& unsupported : kRefusals) {
      if (invalid.status != kInvalid || unsupported.status != kUnsupported) continue;
      if (!images() && (invalid.of_images || unsupported.of_images)) continue;
      Binding setup = valid(), other = valid();
      invalid.spoil(setup);
      unsupported.spoil(setup);
      unsupported.spoil(other);
      invalid.spoil(other);
      if (memcmp(&setup, &other, sizeof(setup)) != 0) continue;  // the same parameter
      SCOPED_TRACE(std::string(invalid.what) + " and " + unsupported.what);
      expect_refused(invalid, call(setup));
    }
  }
}

TEST_P(SetupRefusals, AnUninitializedLibrary) {
  ASSERT_EQ(qnnp_status_success, call(valid()));
  const std::vector<uint8_t> expected = run();
  ASSERT_EQ(qnnp_status_success, qnnp_deinitialize());
  EXPECT_EQ(qnnp_status_uninitialized, call(valid()));
  EXPECT_NE(nullptr, strstr(qnnp_get_last_error(), "qnnp_initialize"));
  Binding setup = valid();
  setup.op = nullptr;
  setup.batch = 0;
  EXPECT_EQ(qnnp_status_uninitialized, call(setup));
  EXPECT_TRUE(expected == run());
}

TEST_P(SetupRefusals, AHandleOfAnotherKind) {
  qnnp_operator_t clamp = nullptr;
  ASSERT_EQ(qnnp_status_success, qnnp_create_clamp_nc_u8(kChannels, 0, 255, 0, &clamp));
  qnnp_operator_t others[] = {clamp, create(images() ? Kind::fully_connected : Kind::indirect)};
  for (qnnp_operator_t other : others) {
    for (size_t batch : {0, 1}) {
      Binding setup = valid();
      setup.op = other;
      setup.batch = batch;
      EXPECT_EQ(kInvalid, call(setup));
      EXPECT_NE(nullptr, strstr(qnnp_get_last_error(),
                                images() ? "convolution2d_nhwc_q8" : "fully_connected_nc_q8"));
      EXPECT_EQ(kInvalid, qnnp_run_operator(other, nullptr));
    }
    qnnp_delete_operator(other);
  }
}

TEST_P(SetupRefusals, NotAnEmptyBatchWithoutAnOperator) {
  Binding setup = {nullptr, 0, 0, 0, nullptr, 0, nullptr, 0};
  EXPECT_EQ(kInvalid, call(setup));
  setup.op = op_;
  EXPECT_EQ(qnnp_status_success, call(setup));
  EXPECT_EQ(qnnp_status_success, qnnp_run_operator(op_, nullptr));
}

TEST_P(SetupRefusals, KernelLargerThanThePaddedInput) {
  if (GetParam() != Kind::depthwise && GetParam() != Kind::indirect) return;
  ASSERT_EQ(qnnp_status_success, call(valid()));
  const std::vector<uint8_t> expected = run();
  for (size_t size : {1, 2}) {
    Binding setup = valid();
    setup.height = size;
    expect_refused({"", kInvalid, "kernel_height", "3", nullptr, true}, call(setup));
    setup = valid();
    setup.width = size;
    expect_refused({"", kInvalid, "kernel_width", "3", nullptr, true}, call(setup));
  }
  EXPECT_TRUE(expected == run());
}

INSTANTIATE_TEST_SUITE_P(Kinds, SetupRefusals,
                         ::testing::Values(Kind::pointwise, Kind::depthwise, Kind::indirect,
                                           Kind::fully_connected));

// Paddings, strides and dilations of 2^32 - 1 in every place: an answer, whatever it is.
TEST(SetupLimits, HugeGeometry) {
  const uint8_t kernel[4] = {1, 2, 3, 4};
  uint8_t input[8] = {}, output[8] = {};
  constexpr size_t kSizes[] = {1, 2, size_t{1} << 31, kRoot, kTopBit - 1};
  for (uint32_t bits = 0; bits < 128; bits++) {
    const auto pick = [bits](int bit, uint32_t otherwise) {
      return bits >> bit & 1 ? UINT32_MAX : otherwise;
    };
    qnnp_operator_t op = nullptr;
    ASSERT_EQ(qnnp_status_success, qnnp_create_convolution2d_nhwc_q8(
                                       pick(0, 0), pick(1, 0), pick(2, 0), pick(3, 0), 2, 2,
                                       pick(4, 1), pick(5, 1), pick(6, 1), pick(6, 1), 1, 1, 1, 0,
                                       1.0f, 0, 1.0f, kernel, nullptr, 0, 1.0f, 0, 255, 0, &op))
        << qnnp_get_last_error();
    for (size_t height : kSizes) {
      for (size_t width : kSizes) {
        for (size_t stride : kSizes) {
          // Some are accepted: nothing is read before run.
          const enum qnnp_status status = qnnp_setup_convolution2d_nhwc_q8(
              op, 2, height, width, input, stride, output, stride, nullptr);
          EXPECT_TRUE(status == qnnp_status_success || status == kInvalid ||
                      status == kUnsupported);
        }
      }
    }
    qnnp_delete_operator(op);
  }
}

// One pixel whose stride leads nowhere, seen through huge strides, dilations and paddings: legal,
// and small to run.
TEST(SetupLimits, OnePixelInHugeGeometry) {
  const uint8_t kernel[18] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  const uint8_t input[] = {10, 20, 30};
  constexpr uint32_t kHuge = UINT32_MAX;
  if (kSizeBits == 32) GTEST_SKIP() << "more than 32 bits can address: refused here";
  for_each_isa([&] {
    for (uint32_t groups : {1u, 3u}) {  // indirect, depthwise
      qnnp_operator_t op = nullptr;
      ASSERT_EQ(qnnp_status_success,
                qnnp_create_convolution2d_nhwc_q8(0, 0, kHuge, 0, 2, 1, kHuge, kHuge, kHuge, kHuge,
                                                  groups, 3 / groups, 3 / groups, 0, 1.0f, 0, 1.0f,
                                                  kernel, nullptr, 0, 4.0f, 0, 255, 0, &op));
      uint8_t output[3] = {};
      ASSERT_EQ(qnnp_status_success,
                qnnp_setup_convolution2d_nhwc_q8(op, 1, 1, 1, input, size_t{1} << 30, output,
                                                 kQuarter, nullptr))
          << qnnp_get_last_error();
      ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op, nullptr));
      // Depthwise: 10 * 1, 20 * 3, 30 * 5, each / 4, half to even.
      EXPECT_EQ(groups == 3 ? 2 : (1 * 10 + 2 * 20 + 3 * 30) / 4, output[0]);
      if (groups == 3) {
        EXPECT_EQ(15, output[1]);
        EXPECT_EQ(38, output[2]);
      }
      qnnp_delete_operator(op);
    }
  });
}

// The same without padding: products of strides that no tensor has must not matter.
TEST(SetupLimits, OnePixelOfHugeStride) {
  const uint8_t kernel[9] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  const uint8_t input[] = {10, 20, 30};
  for_each_isa([&] {
    for (uint32_t groups : {1u, 3u}) {  // indirect, depthwise
      qnnp_operator_t op = nullptr;
      ASSERT_EQ(qnnp_status_success, qnnp_create_convolution2d_nhwc_q8(
                                         0, 0, 0, 0, 1, 1, UINT32_MAX, UINT32_MAX, UINT32_MAX,
                                         UINT32_MAX, groups, 3 / groups, 3 / groups, 0, 1.0f, 0,
                                         1.0f, kernel, nullptr, 0, 1.0f, 0, 255, 0, &op));
      uint8_t output[3] = {};
      ASSERT_EQ(qnnp_status_success,
                qnnp_setup_convolution2d_nhwc_q8(op, 1, 1, 1, input, kTopBit - 1, output,
                                                 kTopBit - 1, nullptr))
          << qnnp_get_last_error();
      ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op, nullptr));
      EXPECT_EQ(groups == 3 ? 10 : 140, output[0]);
      EXPECT_EQ(groups == 3 ? 40 : 255, output[1]);
      EXPECT_EQ(groups == 3 ? 90 : 255, output[2]);
      qnnp_delete_operator(op);
    }
  });
}

}  // namespace
}  // namespace test
}  // namespace qnnp
