// SPDX-License-Identifier: BSD-3-Clause
// Everything that creating a convolution or a fully connected operator refuses, one test per row of
// the tables below: status, a NULL handle, and a sentence with the parameter and its value. When
// two rules are broken, invalid_parameter comes before unsupported_parameter.
#include <gtest/gtest.h>
#include <qnnpack.h>

#include <cfloat>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "harness/size_limits.h"

namespace qnnp {
namespace test {
namespace {

constexpr enum qnnp_status kInvalid = qnnp_status_invalid_parameter;
constexpr enum qnnp_status kUnsupported = qnnp_status_unsupported_parameter;
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kDenormal = FLT_MIN / 2;
constexpr uint32_t kLargest32 = UINT32_MAX;

// A rule of `Desc` and how to break it.
template <class Desc>
struct Refusal {
  const char* test;  // name of the test
  enum qnnp_status status;
  const char* parameter;
  const char* value;
  void (*spoil)(Desc& desc);
};
using ConvolutionRefusal = Refusal<qnnp_convolution2d_desc>;
using FullyConnectedRefusal = Refusal<qnnp_fully_connected_desc>;

constexpr size_t kWeights = 256;
const uint8_t kKernel[kWeights] = {1, 2, 3, 255, 0, 128};
const int32_t kBias[16] = {100, -100, 7};
const float kGoodScales[16] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
const float kBadScales[16] = {1, 1, 1, 1, kNan, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
const float kTinyScales[16] = {1, 1, 1, 0x1p-120f, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
const int32_t kHugeBias[16] = {0, 0, 0, 0, INT32_MAX};

qnnp_convolution2d_desc valid(const qnnp_convolution2d_desc*) {
  qnnp_convolution2d_desc d = QNNP_CONVOLUTION2D_DESC_INIT;
  d.kernel_height = 3;
  d.kernel_width = 2;
  d.subsampling_height = d.subsampling_width = d.dilation_height = d.dilation_width = 1;
  d.groups = 2;
  d.group_input_channels = 5;
  d.group_output_channels = 3;
  d.input_scale = 0.5f;
  d.kernel_scale = 0.25f;
  d.output_scale = 2.0f;
  d.kernel = kKernel;
  d.bias = kBias;
  d.kernel_zero_point = 7;
  d.output_max = 255;
  return d;
}

qnnp_fully_connected_desc valid(const qnnp_fully_connected_desc*) {
  qnnp_fully_connected_desc d = QNNP_FULLY_CONNECTED_DESC_INIT;
  d.input_channels = 11;
  d.output_channels = 6;
  d.input_scale = 0.5f;
  d.kernel_scale = 0.25f;
  d.output_scale = 2.0f;
  d.kernel = kKernel;
  d.bias = kBias;
  d.kernel_zero_point = 7;
  d.output_max = 255;
  return d;
}

enum qnnp_status create(const qnnp_convolution2d_desc* d, qnnp_operator_t* op) {
  return qnnp_create_convolution2d(d, op);
}
enum qnnp_status create(const qnnp_fully_connected_desc* d, qnnp_operator_t* op) {
  return qnnp_create_fully_connected(d, op);
}

uint8_t byte(int32_t value) { return static_cast<uint8_t>(value); }

enum qnnp_status create_by_position(const qnnp_convolution2d_desc& d, qnnp_operator_t* op) {
  return qnnp_create_convolution2d_nhwc_q8(
      d.input_padding_top, d.input_padding_right, d.input_padding_bottom, d.input_padding_left,
      d.kernel_height, d.kernel_width, d.subsampling_height, d.subsampling_width, d.dilation_height,
      d.dilation_width, d.groups, d.group_input_channels, d.group_output_channels,
      byte(d.input_zero_point), d.input_scale, byte(d.kernel_zero_point), d.kernel_scale,
      static_cast<const uint8_t*>(d.kernel), d.bias, byte(d.output_zero_point), d.output_scale,
      byte(d.output_min), byte(d.output_max), d.flags, op);
}
enum qnnp_status create_by_position(const qnnp_fully_connected_desc& d, qnnp_operator_t* op) {
  return qnnp_create_fully_connected_nc_q8(
      d.input_channels, d.output_channels, byte(d.input_zero_point), d.input_scale,
      byte(d.kernel_zero_point), d.kernel_scale, static_cast<const uint8_t*>(d.kernel), d.bias,
      byte(d.output_zero_point), d.output_scale, byte(d.output_min), byte(d.output_max), d.flags,
      op);
}

#define SPOIL(statement) [](auto& d) { statement; }
#define BAD_SCALES(prefix, field)                                                     \
  {prefix "Zero", kInvalid, #field, "0", SPOIL(d.field = 0)},                         \
      {prefix "Negative", kInvalid, #field, "-0.5", SPOIL(d.field = -0.5f)},          \
      {prefix "Denormal", kInvalid, #field, "5.8774717", SPOIL(d.field = kDenormal)}, \
      {prefix "Infinite", kInvalid, #field, "inf", SPOIL(d.field = kInfinity)}, {     \
    prefix "Nan", kInvalid, #field, "nan", SPOIL(d.field = kNan)                      \
  }

// What both descriptions have.
#define COMMON_REFUSALS                                                                         \
  {"StructSizeZero", kInvalid, "struct_size", "0", SPOIL(d.struct_size = 0)},                   \
      {"StructSizeOther", kInvalid, "struct_size", "7", SPOIL(d.struct_size = 7)},              \
      BAD_SCALES("InputScale", input_scale), BAD_SCALES("KernelScale", kernel_scale),           \
      BAD_SCALES("OutputScale", output_scale),                                                  \
      {"KernelScaleOfOneChannel", kInvalid, "kernel_scales[4]", "nan",                          \
       SPOIL(d.kernel_scales = kBadScales)},                                                    \
  {                                                                                             \
    "OutputRange", kInvalid, "output_min", "200", SPOIL(d.output_min = 200; d.output_max = 199) \
  }                                                                                             \
  , {                                                                                           \
    "OutputRangeWidest", kInvalid, "output_min", "255",                                         \
        SPOIL(d.output_min = 255; d.output_max = 0)                                             \
  }                                                                                             \
  , {"Flags", kInvalid, "flags", "0x1", SPOIL(d.flags = 1)},                                    \
      {"FlagsHigh", kInvalid, "flags", "0x80000000", SPOIL(d.flags = 0x80000000u)},             \
      {"KernelNull", kInvalid, "kernel", "NULL", SPOIL(d.kernel = nullptr)},                    \
      {"MultiplierTooSmall", kUnsupported, "input_scale * kernel_scale / output_scale", "e-",   \
       SPOIL(d.input_scale = d.kernel_scale = 0x1p-64f)},                                       \
  {                                                                                             \
    "MultiplierJustDenormal", kUnsupported, "input_scale * kernel_scale / output_scale",        \
        "5.8774717", SPOIL(d.input_scale = 1; d.kernel_scale = FLT_MIN)                         \
  }                                                                                             \
  ,                                                                                             \
      {"MultiplierTooLarge", kUnsupported, "input_scale * kernel_scale / output_scale", "inf",  \
       SPOIL(d.input_scale = d.kernel_scale = 0x1p65f)},                                        \
  {                                                                                             \
    "MultiplierOfOneChannel", kUnsupported, "kernel_scales[3] / output_scale", "e-",            \
        SPOIL(d.kernel_scales = kTinyScales; d.output_scale = 0x1p20f)                          \
  }                                                                                             \
  , { "BiasTooLarge", kUnsupported, "output channel 4", "2147483647", SPOIL(d.bias = kHugeBias) }

// In a description these zeros stand for 1.
constexpr ConvolutionRefusal kConvolutionByPosition[] = {
    {"KernelHeightZero", kInvalid, "kernel_height", "0", SPOIL(d.kernel_height = 0)},
    {"KernelWidthZero", kInvalid, "kernel_width", "0", SPOIL(d.kernel_width = 0)},
    {"SubsamplingHeightZero", kInvalid, "subsampling_height", "0", SPOIL(d.subsampling_height = 0)},
    {"SubsamplingWidthZero", kInvalid, "subsampling_width", "0", SPOIL(d.subsampling_width = 0)},
    {"DilationHeightZero", kInvalid, "dilation_height", "0", SPOIL(d.dilation_height = 0)},
    {"DilationWidthZero", kInvalid, "dilation_width", "0", SPOIL(d.dilation_width = 0)},
    {"GroupsZero", kInvalid, "groups", "0", SPOIL(d.groups = 0)},
};

constexpr ConvolutionRefusal kConvolution[] = {
    {"InputChannelsZero", kInvalid, "group_input_channels", "0", SPOIL(d.group_input_channels = 0)},
    {"OutputChannelsZero", kInvalid, "group_output_channels", "0",
     SPOIL(d.group_output_channels = 0)},
    COMMON_REFUSALS,
    {"KernelLargest", kUnsupported, "kernel", "4294967295",
     SPOIL(d.kernel_height = d.kernel_width = kLargest32)},
    {"InputChannelsLargest", kUnsupported, "kernel", TEXT_SIZE_MAX,
     SPOIL(d.group_input_channels = SIZE_MAX)},
    {"OutputChannelsLargest", kUnsupported, "kernel", TEXT_SIZE_MAX,
     SPOIL(d.group_output_channels = SIZE_MAX)},
    {"OutputChannelsHalf", kUnsupported, "kernel", TEXT_TOP_BIT,
     SPOIL(d.group_output_channels = kTopBit)},
    {"ProductOfChannelsWraps", kUnsupported, "kernel", TEXT_ROOT,
     SPOIL(d.group_input_channels = d.group_output_channels = kRoot)},
    {"ProductWithGroupsWraps", kUnsupported, "kernel", "4294967295",
     SPOIL(d.groups = kLargest32; d.group_output_channels = kRoot)},
};

constexpr FullyConnectedRefusal kFullyConnected[] = {
    {"InputChannelsZero", kInvalid, "input_channels", "0", SPOIL(d.input_channels = 0)},
    {"OutputChannelsZero", kInvalid, "output_channels", "0", SPOIL(d.output_channels = 0)},
    COMMON_REFUSALS,
    {"InputChannelsLargest", kUnsupported, "kernel", TEXT_SIZE_MAX,
     SPOIL(d.input_channels = SIZE_MAX)},
    {"OutputChannelsLargest", kUnsupported, "kernel", TEXT_SIZE_MAX,
     SPOIL(d.output_channels = SIZE_MAX)},
    {"ProductWraps", kUnsupported, "kernel", TEXT_ROOT,
     SPOIL(d.input_channels = d.output_channels = kRoot)},
};

bool names(const char* text) { return strstr(qnnp_get_last_error(), text) != nullptr; }

template <class Create>
void expect_refused(enum qnnp_status expected, const Create& create_one) {
  int object = 0;
  qnnp_operator_t op = reinterpret_cast<qnnp_operator_t>(&object);  // must be overwritten
  EXPECT_EQ(expected, create_one(&op)) << qnnp_get_last_error();
  EXPECT_EQ(nullptr, op);
}

template <class Desc>
void check_row(const Refusal<Desc>& row) {
  Desc desc = valid(static_cast<const Desc*>(nullptr));
  row.spoil(desc);
  expect_refused(row.status, [&](qnnp_operator_t* op) { return create(&desc, op); });
  EXPECT_TRUE(names(row.parameter) && names(row.value)) << qnnp_get_last_error();
  if (desc.kernel_scales != nullptr || desc.struct_size != sizeof(desc)) return;
  expect_refused(row.status, [&](qnnp_operator_t* op) { return create_by_position(desc, op); });
  EXPECT_TRUE(names(row.parameter) && names(row.value)) << qnnp_get_last_error();
}

// Breaking one rule may mend the other, or make it meaningless: scales per channel replace
// kernel_scale, and cannot be read when the number of channels is wrong.
template <class Desc>
bool both_broken(const Refusal<Desc>& invalid, const Refusal<Desc>& unsupported) {
  Desc one = valid(static_cast<const Desc*>(nullptr)), other = one;
  unsupported.spoil(one);
  const bool per_channel = one.kernel_scales != nullptr;
  invalid.spoil(one);
  invalid.spoil(other);
  if (other.kernel_scales != nullptr) return false;
  if (per_channel && strcmp(invalid.parameter, "kernel_scale") == 0) return false;
  unsupported.spoil(other);
  return memcmp(&one, &other, sizeof(one)) == 0;
}

// Two broken rules: invalid comes before unsupported.
template <class Desc, size_t N>
void check_pairs(const Refusal<Desc> (&rows)[N]) {
  size_t pairs = 0;
  for (const Refusal<Desc>& first : rows) {
    for (const Refusal<Desc>& second : rows) {
      if (first.status != kInvalid || second.status != kUnsupported) continue;
      if (!both_broken(first, second)) continue;
      SCOPED_TRACE(std::string(first.test) + " and " + second.test);
      Desc desc = valid(static_cast<const Desc*>(nullptr));
      first.spoil(desc);
      second.spoil(desc);
      expect_refused(kInvalid, [&](qnnp_operator_t* op) { return create(&desc, op); });
      EXPECT_TRUE(names(first.parameter)) << qnnp_get_last_error();
      pairs++;
    }
  }
  EXPECT_GT(pairs, 100u);
}

template <class Row>
std::string test_name(const ::testing::TestParamInfo<Row>& info) {
  return info.param.test;
}

template <class Desc>
void PrintTo(const Refusal<Desc>& row, std::ostream* stream) {
  *stream << row.test;
}

// The type of a tensor, a zero point or limit outside it, the wrong kind of bias: what only
// descriptions can say.
template <class Desc>
constexpr Refusal<Desc> kTypes[] = {
    {"InputType", kInvalid, "input_type", "2", SPOIL(d.input_type = qnnp_datatype_int32)},
    {"InputTypeUnknown", kInvalid, "input_type", "77",
     SPOIL(d.input_type = static_cast<enum qnnp_datatype>(77))},
    {"KernelType", kInvalid, "kernel_type", "3", SPOIL(d.kernel_type = qnnp_datatype_float32)},
    {"OutputType", kInvalid, "output_type", "4", SPOIL(d.output_type = qnnp_datatype_float16)},
    {"DynamicOutputType", kInvalid, "output_type", "1",
     SPOIL(d.input_type = qnnp_datatype_float32; d.output_type = qnnp_datatype_int8)},
    {"InputZeroPoint", kInvalid, "input_zero_point", "256", SPOIL(d.input_zero_point = 256)},
    {"InputZeroPointSigned", kInvalid, "input_zero_point", "128",
     SPOIL(d.input_type = qnnp_datatype_int8; d.input_zero_point = 128)},
    {"KernelZeroPoint", kInvalid, "kernel_zero_point", "-1", SPOIL(d.kernel_zero_point = -1)},
    {"KernelZeroPointSigned", kInvalid, "kernel_zero_point", "-129",
     SPOIL(d.kernel_type = qnnp_datatype_int8; d.kernel_zero_point = -129)},
    {"OutputZeroPoint", kInvalid, "output_zero_point", "300", SPOIL(d.output_zero_point = 300)},
    {"OutputMax", kInvalid, "output_max", "255", SPOIL(d.output_type = qnnp_datatype_int8)},
    {"OutputMin", kInvalid, "output_min", "-1", SPOIL(d.output_min = -1)},
    {"FloatBias", kInvalid, "float_bias", "8-bit", SPOIL(d.float_bias = kGoodScales)},
    {"IntegerBias", kInvalid, "bias", "float32",
     SPOIL(d.input_type = qnnp_datatype_float32; d.output_type = qnnp_datatype_float32)},
};

template <class Desc>
void check_types() {
  for (const Refusal<Desc>& row : kTypes<Desc>) {
    SCOPED_TRACE(row.test);
    Desc desc = valid(static_cast<const Desc*>(nullptr));
    row.spoil(desc);
    expect_refused(row.status, [&](qnnp_operator_t* op) { return create(&desc, op); });
    EXPECT_TRUE(names(row.parameter) && names(row.value)) << qnnp_get_last_error();
  }
}

TEST(CreateRefusals, Types) {
  check_types<qnnp_convolution2d_desc>();
  check_types<qnnp_fully_connected_desc>();
}

TEST(CreateRefusals, ZeroSizesByPosition) {
  for (const ConvolutionRefusal& row : kConvolutionByPosition) {
    SCOPED_TRACE(row.test);
    qnnp_convolution2d_desc desc = valid(static_cast<const qnnp_convolution2d_desc*>(nullptr));
    row.spoil(desc);
    expect_refused(row.status, [&](qnnp_operator_t* op) { return create_by_position(desc, op); });
    EXPECT_TRUE(names(row.parameter) && names(row.value)) << qnnp_get_last_error();
    qnnp_operator_t op = nullptr;
    EXPECT_EQ(qnnp_status_success, create(&desc, &op)) << qnnp_get_last_error();
    EXPECT_EQ(qnnp_status_success, qnnp_delete_operator(op));
  }
}

class ConvolutionRefuses : public ::testing::TestWithParam<ConvolutionRefusal> {};
TEST_P(ConvolutionRefuses, WithASentence) { check_row(GetParam()); }
INSTANTIATE_TEST_SUITE_P(Create, ConvolutionRefuses, ::testing::ValuesIn(kConvolution),
                         test_name<ConvolutionRefusal>);

class FullyConnectedRefuses : public ::testing::TestWithParam<FullyConnectedRefusal> {};
TEST_P(FullyConnectedRefuses, WithASentence) { check_row(GetParam()); }
INSTANTIATE_TEST_SUITE_P(Create, FullyConnectedRefuses, ::testing::ValuesIn(kFullyConnected),
                         test_name<FullyConnectedRefusal>);

TEST(CreateRefusals, InvalidComesBeforeUnsupported) {
  check_pairs(kConvolution);
  check_pairs(kFullyConnected);
}

// What the rows start from is accepted, and so are a NULL bias and the edges of the rules.
template <class Desc>
void expect_accepted(void (*change)(Desc& desc)) {
  Desc desc = valid(static_cast<const Desc*>(nullptr));
  change(desc);
  qnnp_operator_t op = nullptr;
  EXPECT_EQ(qnnp_status_success, create(&desc, &op)) << qnnp_get_last_error();
  ASSERT_NE(nullptr, op);
  EXPECT_EQ(qnnp_status_success, qnnp_delete_operator(op));
  if (desc.kernel_scales != nullptr) return;
  EXPECT_EQ(qnnp_status_success, create_by_position(desc, &op)) << qnnp_get_last_error();
  EXPECT_EQ(qnnp_status_success, qnnp_delete_operator(op));
}

template <class Desc>
void expect_edges_accepted() {
  expect_accepted<Desc>(SPOIL((void)d));
  expect_accepted<Desc>(SPOIL(d.bias = nullptr));
  expect_accepted<Desc>(SPOIL(d.output_min = d.output_max = 0));
  expect_accepted<Desc>(SPOIL(d.output_min = d.output_max = 255));
  expect_accepted<Desc>(SPOIL(d.kernel_scales = kGoodScales));
  expect_accepted<Desc>(SPOIL(d.kernel_scales = kGoodScales; d.kernel_scale = kNan));
  // A multiplier of 1, above 1, the least and the largest normal float.
  expect_accepted<Desc>(SPOIL(d.input_scale = d.kernel_scale = d.output_scale = 1));
  expect_accepted<Desc>(SPOIL(d.input_scale = 1000; d.kernel_scale = d.output_scale = 1));
  expect_accepted<Desc>(SPOIL(d.input_scale = FLT_MIN; d.kernel_scale = d.output_scale = 1));
  expect_accepted<Desc>(SPOIL(d.input_scale = FLT_MAX; d.kernel_scale = d.output_scale = 1));
  expect_accepted<Desc>(SPOIL(d.input_scale = d.output_scale = FLT_MIN; d.kernel_scale = 1));
  // The double product is below FLT_MIN and rounds to it.
  expect_accepted<Desc>(SPOIL(d.input_scale = FLT_MIN; d.kernel_scale = 0x1.fffffep-1f;
                              d.output_scale = 0x1.fffffep-1f));
}

TEST(CreateRefusals, EdgesAreAccepted) {
  expect_edges_accepted<qnnp_convolution2d_desc>();
  expect_edges_accepted<qnnp_fully_connected_desc>();
}

template <class Desc>
void expect_null_refused() {
  const Desc desc = valid(static_cast<const Desc*>(nullptr));
  EXPECT_EQ(kInvalid, create(&desc, nullptr));
  EXPECT_TRUE(names("out-handle") && names("NULL")) << qnnp_get_last_error();
  EXPECT_EQ(kInvalid, create_by_position(desc, nullptr));
  EXPECT_TRUE(names("_out is NULL")) << qnnp_get_last_error();
  expect_refused(kInvalid,
                 [](qnnp_operator_t* op) { return create(static_cast<const Desc*>(nullptr), op); });
  EXPECT_TRUE(names("desc") && names("NULL")) << qnnp_get_last_error();
}

TEST(CreateRefusals, NullHandleAndDescription) {
  expect_null_refused<qnnp_convolution2d_desc>();
  expect_null_refused<qnnp_fully_connected_desc>();
}

template <class Desc>
void expect_uninitialized() {
  const Desc good = valid(static_cast<const Desc*>(nullptr));
  Desc bad = good;
  bad.kernel = nullptr;
  for (const Desc* desc : {&good, static_cast<const Desc*>(&bad)}) {
    expect_refused(qnnp_status_uninitialized,
                   [&](qnnp_operator_t* op) { return create(desc, op); });
    EXPECT_TRUE(names("qnnp_initialize")) << qnnp_get_last_error();
    expect_refused(qnnp_status_uninitialized,
                   [&](qnnp_operator_t* op) { return create_by_position(*desc, op); });
  }
  EXPECT_EQ(qnnp_status_uninitialized, create(&good, nullptr));
}

TEST(CreateRefusals, UninitializedComesFirst) {
  ASSERT_EQ(qnnp_status_success, qnnp_deinitialize());
  expect_uninitialized<qnnp_convolution2d_desc>();
  expect_uninitialized<qnnp_fully_connected_desc>();
}

}  // namespace
}  // namespace test
}  // namespace qnnp
