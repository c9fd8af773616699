// SPDX-License-Identifier: BSD-3-Clause
// The public header in C++: after other headers, twice, in a namespace-less file of its own; the
// description structs start from their initializers.
#include <complex.h>
#include <math.h>
#include <stdlib.h>

#include <algorithm>
#include <string>
#include <vector>
// clang-format off
#include <qnnpack.h>
#include <qnnpack.h>
#include <pthreadpool.h>
#include <qnnpack.h>
// clang-format on

#include <gtest/gtest.h>

#include <type_traits>

namespace {

static_assert(sizeof(enum qnnp_status) == sizeof(int), "an enumeration of C");
static_assert(std::is_pointer<qnnp_operator_t>::value, "a handle");
static_assert(std::is_trivial<qnnp_convolution2d_desc>::value, "plain data");
static_assert(std::is_standard_layout<qnnp_convolution2d_desc>::value, "plain data");
static_assert(std::is_trivial<qnnp_fully_connected_desc>::value, "plain data");
static_assert(std::is_standard_layout<qnnp_fully_connected_desc>::value, "plain data");
static_assert(std::is_trivial<qnnp_binary_desc>::value, "plain data");
static_assert(std::is_standard_layout<qnnp_binary_desc>::value, "plain data");
static_assert(std::is_trivial<qnnp_activation_desc>::value, "plain data");
static_assert(std::is_trivial<qnnp_requantize_desc>::value, "plain data");
static_assert(std::is_trivial<qnnp_clamp_desc>::value, "plain data");
static_assert(std::is_trivial<qnnp_softargmax_desc>::value, "plain data");
static_assert(std::is_trivial<qnnp_prelu_desc>::value, "plain data");
static_assert(std::is_trivial<qnnp_quantize_desc>::value, "plain data");
static_assert(std::is_trivial<qnnp_dequantize_desc>::value, "plain data");
static_assert(std::is_trivial<qnnp_group_normalization_desc>::value, "plain data");
static_assert(std::is_trivial<qnnp_operator_info>::value, "plain data");
static_assert(std::is_trivial<qnnp_pooling2d_desc>::value, "plain data");
static_assert(std::is_trivial<qnnp_global_pooling_desc>::value, "plain data");
static_assert(std::is_trivial<qnnp_reduce_desc>::value, "plain data");
static_assert(std::is_trivial<qnnp_argmax_desc>::value, "plain data");

TEST(Header, StatusValuesOf2018) {
  EXPECT_EQ(0, qnnp_status_success);
  EXPECT_EQ(1, qnnp_status_uninitialized);
  EXPECT_EQ(2, qnnp_status_invalid_parameter);
  EXPECT_EQ(3, qnnp_status_unsupported_parameter);
  EXPECT_EQ(4, qnnp_status_unsupported_hardware);
  EXPECT_EQ(5, qnnp_status_out_of_memory);
}

TEST(Header, ConvolutionStartsFromItsInitializer) {
  const qnnp_convolution2d_desc d = QNNP_CONVOLUTION2D_DESC_INIT;
  EXPECT_EQ(sizeof(d), d.struct_size);
  EXPECT_EQ(0u, d.input_padding_top + d.input_padding_right + d.input_padding_bottom +
                    d.input_padding_left);
  EXPECT_EQ(0u, d.kernel_height + d.kernel_width + d.subsampling_height + d.subsampling_width);
  EXPECT_EQ(0u, d.dilation_height + d.dilation_width + d.groups);
  EXPECT_EQ(0u, d.group_input_channels + d.group_output_channels);
  EXPECT_EQ(0.0f, d.input_scale + d.output_scale + d.kernel_scale);
  EXPECT_TRUE(d.kernel_scales == nullptr && d.kernel == nullptr && d.bias == nullptr &&
              d.float_bias == nullptr);
  EXPECT_EQ(0, d.input_zero_point + d.kernel_zero_point + d.output_zero_point + d.output_min);
  EXPECT_EQ(0, d.output_max);
  EXPECT_EQ(0, d.input_type + d.kernel_type + d.output_type);
  EXPECT_EQ(0u, d.flags);
}

TEST(Header, FullyConnectedStartsFromItsInitializer) {
  const qnnp_fully_connected_desc d = QNNP_FULLY_CONNECTED_DESC_INIT;
  EXPECT_EQ(sizeof(d), d.struct_size);
  EXPECT_EQ(0u, d.input_channels + d.output_channels);
  EXPECT_EQ(0.0f, d.input_scale + d.output_scale + d.kernel_scale);
  EXPECT_TRUE(d.kernel_scales == nullptr && d.kernel == nullptr && d.bias == nullptr &&
              d.float_bias == nullptr);
  EXPECT_EQ(0, d.input_zero_point + d.kernel_zero_point + d.output_zero_point + d.output_min);
  EXPECT_EQ(0, d.output_max);
  EXPECT_EQ(0, d.input_type + d.kernel_type + d.output_type);
  EXPECT_EQ(0u, d.flags);
}

TEST(Header, TablesStartFromTheirInitializers) {
  const qnnp_activation_desc a = QNNP_ACTIVATION_DESC_INIT;
  EXPECT_EQ(sizeof(a), a.struct_size);
  EXPECT_TRUE(a.function == qnnp_activation_custom && a.custom == nullptr && a.context == nullptr);
  EXPECT_EQ(0.0f, a.alpha + a.beta + a.input_scale + a.output_scale);
  EXPECT_EQ(0, a.input_zero_point + a.output_zero_point + a.output_min + a.output_max);
  const qnnp_requantize_desc r = QNNP_REQUANTIZE_DESC_INIT;
  EXPECT_EQ(sizeof(r), r.struct_size);
  EXPECT_EQ(0.0f, r.input_scale + r.output_scale);
  EXPECT_EQ(0, r.input_zero_point + r.output_zero_point + r.output_min + r.output_max);
}

TEST(Header, DeconvolutionAndMatricesStartFromTheirInitializers) {
  const qnnp_deconvolution2d_desc d = QNNP_DECONVOLUTION2D_DESC_INIT;
  EXPECT_EQ(sizeof(d), d.struct_size);
  EXPECT_EQ(0u, d.kernel_height + d.stride_width + d.groups + d.adjustment_width + d.flags);
  EXPECT_TRUE(d.kernel == nullptr && d.bias == nullptr && d.float_bias == nullptr);
  const qnnp_locally_connected2d_desc l = QNNP_LOCALLY_CONNECTED2D_DESC_INIT;
  EXPECT_EQ(sizeof(l), l.struct_size);
  EXPECT_EQ(0u, l.input_height + l.kernel_width + l.groups + l.flags);
  EXPECT_TRUE(l.kernel == nullptr && l.kernel_scales == nullptr && l.output_max == 0);
  const qnnp_batch_matrix_multiply_desc b = QNNP_BATCH_MATRIX_MULTIPLY_DESC_INIT;
  EXPECT_EQ(sizeof(b), b.struct_size);
  EXPECT_FALSE(b.transpose_b);
  EXPECT_EQ(0.0f, b.a_scale + b.b_scale + b.output_scale);
}

TEST(Header, PoolingsStartFromTheirInitializers) {
  const qnnp_pooling2d_desc p = QNNP_POOLING2D_DESC_INIT;
  EXPECT_EQ(sizeof(p), p.struct_size);
  EXPECT_EQ(1u, p.pooling_height * p.pooling_width * p.stride_height * p.stride_width);
  EXPECT_EQ(1u, p.dilation_height * p.dilation_width);
  EXPECT_FALSE(p.ceil_mode || p.exclude_padding);
  const qnnp_global_pooling_desc g = QNNP_GLOBAL_POOLING_DESC_INIT;
  EXPECT_EQ(sizeof(g), g.struct_size);
  EXPECT_EQ(0u, g.channels + g.flags);
  const qnnp_reduce_desc r = QNNP_REDUCE_DESC_INIT;
  EXPECT_EQ(sizeof(r), r.struct_size);
  EXPECT_EQ(0u, r.axes + r.flags);
  const qnnp_argmax_desc a = QNNP_ARGMAX_DESC_INIT;
  EXPECT_EQ(sizeof(a), a.struct_size);
  EXPECT_EQ(qnnp_datatype_int32, a.output_type);
}

TEST(Header, BoundaryStartsFromItsInitializers) {
  const qnnp_quantize_desc q = QNNP_QUANTIZE_DESC_INIT;
  EXPECT_EQ(sizeof(q), q.struct_size);
  EXPECT_EQ(qnnp_datatype_float32, q.input_type);
  EXPECT_EQ(0, q.output_zero_point + q.output_min + q.output_max);
  const qnnp_dequantize_desc d = QNNP_DEQUANTIZE_DESC_INIT;
  EXPECT_EQ(sizeof(d), d.struct_size);
  EXPECT_EQ(qnnp_datatype_float32, d.output_type);
  const qnnp_prelu_desc p = QNNP_PRELU_DESC_INIT;
  EXPECT_EQ(sizeof(p), p.struct_size);
  EXPECT_TRUE(p.slope_type == qnnp_datatype_float32 && p.slope == nullptr);
}

TEST(Header, MovementStartsFromItsInitializers) {
  const qnnp_transpose_desc t = QNNP_TRANSPOSE_DESC_INIT;
  EXPECT_EQ(sizeof(t), t.struct_size);
  EXPECT_EQ(0u, t.dimensions + t.permutation[0] + t.permutation[7] + t.flags);
  const qnnp_depth_space_desc d = QNNP_DEPTH_SPACE_DESC_INIT;
  EXPECT_EQ(sizeof(d), d.struct_size);
  EXPECT_EQ(0u, d.block_size + d.channels + d.order + d.flags);
  const qnnp_copy_desc c = QNNP_COPY_DESC_INIT;
  EXPECT_EQ(sizeof(c), c.struct_size);
  EXPECT_EQ(0u, c.channels + c.flags);
  const qnnp_constant_pad_desc p = QNNP_CONSTANT_PAD_DESC_INIT;
  EXPECT_EQ(sizeof(p), p.struct_size);
  EXPECT_EQ(0u, p.dimensions + p.before[0] + p.before[7] + p.after[0] + p.after[7] + p.flags);
  EXPECT_EQ(0, p.pad_value + p.type);
  const qnnp_resize2d_desc r = QNNP_RESIZE2D_DESC_INIT;
  EXPECT_EQ(sizeof(r), r.struct_size);
  EXPECT_EQ(0u, r.channels + r.mode + r.coordinates + r.type + r.flags);
}

}  // namespace
