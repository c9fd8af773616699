// SPDX-License-Identifier: BSD-3-Clause
// ONNX's own test vectors (Debian package libonnx-testdata) of its operators on 8-bit data, through
// the public API. Results must be those of the files to the bit. The test prints which folders of
// the package it ran, and of those that are about 8-bit data, which it did not and why.
#include <gtest/gtest.h>
#include <qnnpack.h>

#include <cstdio>
#include <numeric>

#include "harness/isa.h"
#include "harness/operator_checks.h"
#include "onnx_files.h"

namespace qnnp {
namespace test {
namespace {

using Bytes = std::vector<uint8_t>;
using Outputs = std::vector<Bytes>;
using Sizes = std::vector<size_t>;

enum qnnp_datatype datatype(OnnxType type) {
  switch (type) {
    case OnnxType::uint8:
      return qnnp_datatype_uint8;
    case OnnxType::int8:
      return qnnp_datatype_int8;
    case OnnxType::int32:
      return qnnp_datatype_int32;
    default:
      return qnnp_datatype_float32;
  }
}

size_t product(const Sizes& sizes) {
  return std::accumulate(sizes.begin(), sizes.end(), size_t{1}, std::multiplies<size_t>());
}

template <class Create, class Desc>
OperatorHandle make(const Create& create, const Desc& desc) {
  return create_operator([&](qnnp_operator_t* to) { return create(&desc, to); });
}

// After a setup of that status.
void run(const OperatorHandle& op, enum qnnp_status setup) {
  ASSERT_EQ(qnnp_status_success, setup) << qnnp_get_last_error();
  ASSERT_EQ(qnnp_status_success, qnnp_run_operator(op.get(), nullptr));
}

// A tensor of 4 dimensions; elements of several bytes are one more of them.
Bytes transpose(const Bytes& from, const Sizes& sizes, std::vector<uint32_t> permutation) {
  qnnp_transpose_desc desc = QNNP_TRANSPOSE_DESC_INIT;
  Sizes shape = sizes;
  shape.push_back(from.size() / product(sizes));
  permutation.push_back(4);
  desc.dimensions = 5;
  std::copy(permutation.begin(), permutation.end(), desc.permutation);
  Bytes to(from.size());
  const OperatorHandle op = make(qnnp_create_transpose, desc);
  run(op, qnnp_setup_transpose(op.get(), shape.data(), from.data(), to.data()));
  return to;
}
Bytes to_nhwc(const Bytes& from, const Sizes& nchw) { return transpose(from, nchw, {0, 2, 3, 1}); }
Bytes to_nchw(const Bytes& from, const Sizes& nhwc) { return transpose(from, nhwc, {0, 3, 1, 2}); }

// One case with one of its data sets: what an operator needs to know.
struct Problem {
  const OnnxCase& node;
  const OnnxData& data;

  bool has(size_t i) const { return i < data.inputs.size() && !data.inputs[i].bytes.empty(); }
  const OnnxTensor& input(size_t i) const { return data.inputs[i]; }
  const void* pointer(size_t i) const { return data.inputs[i].bytes.data(); }
  enum qnnp_datatype type(size_t i) const { return datatype(input(i).type); }
  enum qnnp_datatype output_type() const { return datatype(data.outputs[0].type); }
  Bytes output() const { return Bytes(data.outputs[0].bytes.size()); }
  float scale(size_t i) const { return input(i).real(0); }
  // 0 where the node leaves it out. Descriptions have one for all channels.
  int32_t zero_point(size_t i) const {
    if (!has(i)) return 0;
    for (size_t c = 1; c < input(i).count(); c++) {
      EXPECT_EQ(input(i).integer(0), input(i).integer(c)) << "input " << i;
    }
    return input(i).integer(0);
  }
  uint32_t attribute(const char* name, size_t i, int64_t otherwise) const {
    const auto found = node.attributes.find(name);
    return static_cast<uint32_t>(found == node.attributes.end() ? otherwise : found->second.at(i));
  }
};

// Of the attributes of Conv and MaxPool.
struct Window {
  Window(const Problem& p, size_t height, size_t width)
      : kernel_height(p.attribute("kernel_shape", 0, static_cast<int64_t>(height))),
        kernel_width(p.attribute("kernel_shape", 1, static_cast<int64_t>(width))),
        top(p.attribute("pads", 0, 0)),
        left(p.attribute("pads", 1, 0)),
        bottom(p.attribute("pads", 2, 0)),
        right(p.attribute("pads", 3, 0)),
        stride_height(p.attribute("strides", 0, 1)),
        stride_width(p.attribute("strides", 1, 1)),
        dilation_height(p.attribute("dilations", 0, 1)),
        dilation_width(p.attribute("dilations", 1, 1)) {}

  template <class Desc>
  void describe(Desc* desc) const {
    desc->input_padding_top = top;
    desc->input_padding_left = left;
    desc->input_padding_bottom = bottom;
    desc->input_padding_right = right;
    desc->dilation_height = dilation_height;
    desc->dilation_width = dilation_width;
  }

  uint32_t kernel_height, kernel_width, top, left, bottom, right;
  uint32_t stride_height, stride_width, dilation_height, dilation_width;
};

// Where the node has them: inputs of scales and zero points.
struct ConvolutionInputs {
  size_t x_zero_point, w, w_zero_point;
};

// The fields but for scales; output is NCHW.
Outputs convolve(const Problem& p, const ConvolutionInputs& at, qnnp_convolution2d_desc desc) {
  const Sizes &x = p.input(0).sizes, &w = p.input(at.w).sizes, &y = p.data.outputs[0].sizes;
  const Window window(p, w[2], w[3]);
  window.describe(&desc);
  desc.kernel_height = window.kernel_height;
  desc.kernel_width = window.kernel_width;
  desc.subsampling_height = window.stride_height;
  desc.subsampling_width = window.stride_width;
  desc.groups = p.attribute("group", 0, 1);
  desc.group_input_channels = w[1];
  desc.group_output_channels = w[0] / desc.groups;
  desc.input_type = p.type(0);
  desc.kernel_type = p.type(at.w);
  desc.output_type = p.output_type();
  desc.input_zero_point = p.zero_point(at.x_zero_point);
  desc.kernel_zero_point = p.zero_point(at.w_zero_point);
  const Bytes input = to_nhwc(p.input(0).bytes, x), kernel = to_nhwc(p.input(at.w).bytes, w);
  desc.kernel = kernel.data();
  Bytes output = p.output();
  const OperatorHandle op = make(qnnp_create_convolution2d, desc);
  run(op, qnnp_setup_convolution2d(op.get(), x[0], x[2], x[3], input.data(), x[1], output.data(),
                                   w[0]));
  return {to_nchw(output, {y[0], y[2], y[3], y[1]})};
}

Outputs conv_integer(const Problem& p) {
  return convolve(p, {2, 1, 3}, QNNP_CONVOLUTION2D_DESC_INIT);
}

Outputs qlinear_conv(const Problem& p) {
  qnnp_convolution2d_desc desc = QNNP_CONVOLUTION2D_DESC_INIT;
  std::vector<float> scales(p.input(4).count());
  for (size_t c = 0; c < scales.size(); c++) scales[c] = p.input(4).real(c);
  std::vector<int32_t> bias(p.has(8) ? p.input(8).count() : 0);
  for (size_t c = 0; c < bias.size(); c++) bias[c] = p.input(8).integer(c);
  desc.input_scale = p.scale(1);
  desc.kernel_scale = scales[0];
  desc.kernel_scales = scales.size() == 1 ? nullptr : scales.data();
  desc.output_scale = p.scale(6);
  desc.output_zero_point = p.zero_point(7);
  desc.bias = bias.empty() ? nullptr : bias.data();
  return convolve(p, {2, 3, 5}, desc);
}

// The matrices are inputs 0 and b.
Outputs multiply(const Problem& p, size_t b, qnnp_batch_matrix_multiply_desc desc) {
  const Sizes &as = p.input(0).sizes, &bs = p.input(b).sizes;
  const size_t rank = as.size();
  const Sizes batch(as.begin(), as.end() - 2);
  EXPECT_EQ(batch, Sizes(bs.begin(), bs.end() - 2));
  desc.a_type = p.type(0);
  desc.b_type = p.type(b);
  desc.output_type = p.output_type();
  const size_t m = as[rank - 2], k = as[rank - 1], n = bs[rank - 1];
  Bytes output = p.output();
  const OperatorHandle op = make(qnnp_create_batch_matrix_multiply, desc);
  run(op, qnnp_setup_batch_matrix_multiply(op.get(), product(batch), m, k, n, p.pointer(0), k,
                                           p.pointer(b), n, output.data(), n));
  return {output};
}

Outputs matmul_integer(const Problem& p) {
  qnnp_batch_matrix_multiply_desc desc = QNNP_BATCH_MATRIX_MULTIPLY_DESC_INIT;
  desc.a_zero_point = p.zero_point(2);
  desc.b_zero_point = p.zero_point(3);
  return multiply(p, 1, desc);
}

Outputs qlinear_matmul(const Problem& p) {
  qnnp_batch_matrix_multiply_desc desc = QNNP_BATCH_MATRIX_MULTIPLY_DESC_INIT;
  desc.a_scale = p.scale(1);
  desc.a_zero_point = p.zero_point(2);
  desc.b_scale = p.scale(4);
  desc.b_zero_point = p.zero_point(5);
  desc.output_scale = p.scale(6);
  desc.output_zero_point = p.zero_point(7);
  return multiply(p, 3, desc);
}

// body(rows, channels, stride, first, i): with one scale the whole tensor, else the slices of an
// axis: slice i has rows of neighbours that begin at element `first`.
template <class Body>
void for_each_slice(const Problem& p, const Body& body) {
  const Sizes& sizes = p.input(0).sizes;
  const size_t count = p.input(0).count(), scales = p.input(1).count();
  if (scales == 1) return body(1, count, count, 0, 0);
  const size_t given = p.attribute("axis", 0, 1);  // from the end if negative
  const size_t axis = given < sizes.size() ? given : static_cast<uint32_t>(given + sizes.size());
  ASSERT_LT(axis, sizes.size());
  ASSERT_EQ(scales, sizes[axis]);
  const size_t rows = product(Sizes(sizes.begin(), sizes.begin() + static_cast<ptrdiff_t>(axis)));
  const size_t n = count / rows / scales;
  for (size_t i = 0; i < scales; i++) body(rows, n, n * scales, i * n, i);
}

void quantize(const float* x, uint8_t* y, size_t rows, size_t stride,
              const qnnp_quantize_desc& desc) {
  const OperatorHandle op = make(qnnp_create_quantize, desc);
  run(op, qnnp_setup_quantize(op.get(), rows, x, stride, y, stride));
}

Outputs quantize_linear(const Problem& p) {
  Bytes output = p.output();
  const float* x = static_cast<const float*>(p.pointer(0));
  for_each_slice(p, [&](size_t rows, size_t n, size_t stride, size_t first, size_t i) {
    qnnp_quantize_desc desc = QNNP_QUANTIZE_DESC_INIT;
    desc.channels = n;
    desc.output_type = p.output_type();
    desc.output_scale = p.input(1).real(i);
    desc.output_zero_point = p.has(2) ? p.input(2).integer(i) : 0;
    quantize(x + first, &output[first], rows, stride, desc);
  });
  return {output};
}

Outputs dequantize_linear(const Problem& p) {
  Bytes output = p.output();
  float* y = reinterpret_cast<float*>(output.data());
  for_each_slice(p, [&](size_t rows, size_t n, size_t stride, size_t first, size_t i) {
    qnnp_dequantize_desc desc = QNNP_DEQUANTIZE_DESC_INIT;
    desc.channels = n;
    desc.input_type = p.type(0);
    desc.input_scale = p.input(1).real(i);
    desc.input_zero_point = p.has(2) ? p.input(2).integer(i) : 0;
    const OperatorHandle op = make(qnnp_create_dequantize, desc);
    run(op,
        qnnp_setup_dequantize(op.get(), rows, &p.input(0).bytes[first], stride, y + first, stride));
  });
  return {output};
}

Outputs dynamic_quantize_linear(const Problem& p) {
  const float* x = static_cast<const float*>(p.pointer(0));
  qnnp_quantize_desc desc = QNNP_QUANTIZE_DESC_INIT;
  desc.channels = p.input(0).count();
  EXPECT_EQ(qnnp_status_success,
            qnnp_choose_quantization(x, desc.channels, qnnp_datatype_uint8, &desc.output_scale,
                                     &desc.output_zero_point));
  Bytes output = p.output(), scale(sizeof(float));
  quantize(x, output.data(), 1, desc.channels, desc);
  memcpy(scale.data(), &desc.output_scale, sizeof(float));
  return {output, scale, {static_cast<uint8_t>(desc.output_zero_point)}};
}

Outputs clip(const Problem& p) {
  qnnp_clamp_desc desc = QNNP_CLAMP_DESC_INIT;
  const bool is_signed = p.type(0) == qnnp_datatype_int8;
  desc.channels = p.input(0).count();
  desc.input_type = desc.output_type = p.type(0);
  desc.output_min = p.has(1) ? p.input(1).integer(0) : is_signed ? -128 : 0;
  desc.output_max = p.has(2) ? p.input(2).integer(0) : is_signed ? 127 : 255;
  EXPECT_TRUE(desc.output_min != 0 || desc.output_max != 0);  // that is the default
  Bytes output = p.output();
  const OperatorHandle op = make(qnnp_create_clamp, desc);
  run(op, qnnp_setup_clamp(op.get(), 1, p.pointer(0), desc.channels, output.data(), desc.channels));
  return {output};
}

Outputs max_pool(const Problem& p) {
  qnnp_pooling2d_desc desc = QNNP_POOLING2D_DESC_INIT;
  const Sizes &x = p.input(0).sizes, &y = p.data.outputs[0].sizes;
  const Window window(p, 1, 1);
  window.describe(&desc);
  desc.operation = qnnp_reduction_max;
  desc.type = p.type(0);
  desc.channels = x[1];
  desc.pooling_height = window.kernel_height;
  desc.pooling_width = window.kernel_width;
  desc.stride_height = window.stride_height;
  desc.stride_width = window.stride_width;
  desc.ceil_mode = p.attribute("ceil_mode", 0, 0) != 0;
  const Bytes input = to_nhwc(p.input(0).bytes, x);
  Bytes output = p.output();
  size_t height = 0, width = 0;
  EXPECT_EQ(qnnp_status_success, qnnp_pooling2d_output_size(&desc, x[2], x[3], &height, &width));
  EXPECT_EQ(y, (Sizes{x[0], x[1], height, width}));
  const OperatorHandle op = make(qnnp_create_pooling2d, desc);
  run(op,
      qnnp_setup_pooling2d(op.get(), x[0], x[2], x[3], input.data(), x[1], output.data(), x[1]));
  return {to_nchw(output, {y[0], y[2], y[3], y[1]})};
}

// ONNX computes modulo 256, we limit: the same for results of 0 to 255, which the vectors have.
Outputs binary(const Problem& p, enum qnnp_binary_operation operation) {
  EXPECT_EQ(p.input(0).sizes, p.input(1).sizes);
  qnnp_binary_desc desc = QNNP_BINARY_DESC_INIT;
  desc.operation = operation;
  desc.channels = p.input(0).count();
  desc.a_type = p.type(0);
  desc.b_type = p.type(1);
  desc.output_type = p.output_type();
  desc.a_scale = desc.b_scale = desc.output_scale = 1;
  Bytes output = p.output();
  const OperatorHandle op = make(qnnp_create_binary, desc);
  run(op, qnnp_setup_binary(op.get(), 1, p.pointer(0), desc.channels, p.pointer(1), desc.channels,
                            output.data(), desc.channels));
  return {output};
}
Outputs add(const Problem& p) { return binary(p, qnnp_binary_operation_add); }
Outputs subtract(const Problem& p) { return binary(p, qnnp_binary_operation_subtract); }
Outputs multiply(const Problem& p) { return binary(p, qnnp_binary_operation_multiply); }

struct OnnxOperator {
  const char* name;
  Outputs (*run)(const Problem&);
  std::vector<std::string> attributes;  // that run knows
};
const OnnxOperator kOperators[] = {
    {"QLinearConv", qlinear_conv, {"dilations", "group", "kernel_shape", "pads", "strides"}},
    {"ConvInteger", conv_integer, {"dilations", "group", "kernel_shape", "pads", "strides"}},
    {"QLinearMatMul", qlinear_matmul, {}},
    {"MatMulInteger", matmul_integer, {}},
    {"QuantizeLinear", quantize_linear, {"axis"}},
    {"DequantizeLinear", dequantize_linear, {"axis"}},
    {"DynamicQuantizeLinear", dynamic_quantize_linear, {}},
    {"Clip", clip, {}},
    {"MaxPool", max_pool, {"ceil_mode", "dilations", "kernel_shape", "pads", "strides"}},
    {"Add", add, {}},
    {"Sub", subtract, {}},
    {"Mul", multiply, {}}};

// Something in it has 8 bits.
bool concerns_us(const OnnxCase& node) {
  for (OnnxType type : node.types) {
    if (type == OnnxType::uint8 || type == OnnxType::int8) return true;
  }
  return node.op.find("Quantize") != std::string::npos ||
         node.op.find("QLinear") != std::string::npos ||
         node.op.find("Integer") != std::string::npos;
}

// The operator to run, or NULL and the reason.
const OnnxOperator* choose(const OnnxCase& node, std::string* why_not) {
  if (node.nodes != 1) {
    *why_not = "a graph of " + std::to_string(node.nodes) + " nodes instead of an operator";
    return nullptr;
  }
  for (const OnnxOperator& candidate : kOperators) {
    if (node.op != candidate.name) continue;
    std::vector<std::string> names = node.other_attributes;
    for (const auto& attribute : node.attributes) names.push_back(attribute.first);
    for (const std::string& name : names) {
      const auto& known = candidate.attributes;
      if (std::find(known.begin(), known.end(), name) == known.end())
        *why_not = "attribute " + name;
    }
    for (OnnxType type : node.types) {
      if (type == OnnxType::other) *why_not = "a type besides uint8, int8, int32 and float32";
    }
    return why_not->empty() ? &candidate : nullptr;
  }
  *why_not = "this library has no " + node.op;
  return nullptr;
}

void check(const OnnxOperator& op, const OnnxCase& node, const std::string& data_set) {
  SCOPED_TRACE(data_set);
  OnnxData data;
  ASSERT_TRUE(read_onnx_data(node, data_set, &data)) << "cannot be read";
  for_each_isa([&] {
    const Outputs outputs = op.run({node, data});
    ASSERT_EQ(data.outputs.size(), outputs.size());
    for (size_t i = 0; i < outputs.size(); i++) EXPECT_EQ(data.outputs[i].bytes, outputs[i]) << i;
  });
}

TEST(Onnx, Vectors) {
  const std::vector<std::string> names = onnx_case_names(QNNP_ONNX_TEST_DATA);
  ASSERT_FALSE(names.empty()) << "no test vectors in " QNNP_ONNX_TEST_DATA
                                 ": install libonnx-testdata (./configure.py deps)";
  size_t ran = 0;
  for (const std::string& name : names) {
    OnnxCase node;
    ASSERT_TRUE(read_onnx_case(QNNP_ONNX_TEST_DATA, name, &node)) << name;
    if (!concerns_us(node)) continue;
    std::string why_not;
    const OnnxOperator* op = choose(node, &why_not);
    if (op == nullptr) {
      printf("not run  %s: %s\n", name.c_str(), why_not.c_str());
      continue;
    }
    ASSERT_FALSE(node.data_sets.empty()) << name;
    for (const std::string& data_set : node.data_sets) check(*op, node, data_set);
    printf("ran      %s: %s\n", name.c_str(), op->name);
    ran++;
  }
  EXPECT_GE(ran, 21u);  // as many has version 1.12.0
}

}  // namespace
}  // namespace test
}  // namespace qnnp
