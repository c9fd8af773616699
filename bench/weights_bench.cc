// SPDX-License-Identifier: BSD-3-Clause
// The other operators that multiply: deconvolution beside a convolution of as many
// multiply-accumulates, fully connected, locally connected, batched matrix multiplication.
#include "cases.h"

namespace qnnp::bench {
namespace {

constexpr Types kTypes[] = {Types::uint8, Types::int8, Types::dynamic};

std::string text(size_t number) { return std::to_string(number); }

// 3x3, size x size x channels to as many channels.
Case same_convolution(size_t size, size_t channels, Types types) {
  const size_t bytes = size * size * channels;
  return {std::string("convolution/") + name_of(types), bytes, bytes,
          [=](qnnp_operator_t* op) {
            qnnp_convolution2d_desc desc = QNNP_CONVOLUTION2D_DESC_INIT;
            const Weights weights = fill_weights(desc, types, channels, 9 * channels);
            desc.kernel_height = desc.kernel_width = 3;
            desc.input_padding_top = desc.input_padding_bottom = 1;
            desc.input_padding_left = desc.input_padding_right = 1;
            desc.group_input_channels = desc.group_output_channels = channels;
            return qnnp_create_convolution2d(&desc, op);
          },
          [=](qnnp_operator_t op, const uint8_t* input, uint8_t* output) {
            return qnnp_setup_convolution2d(op, 1, size, size, input, channels, output, channels);
          }};
}

// Doubles height and width.
Case deconvolution(size_t size, size_t channels, Types types) {
  const size_t bytes = size * size * channels;
  return {std::string("deconvolution/") + name_of(types) + "/3x3s2/" + text(size) + "x" +
              text(size) + "x" + text(channels) + "->" + text(channels),
          bytes,
          4 * bytes,
          [=](qnnp_operator_t* op) {
            qnnp_deconvolution2d_desc desc = QNNP_DECONVOLUTION2D_DESC_INIT;
            const Weights weights = fill_weights(desc, types, channels, 9 * channels);
            desc.kernel_height = desc.kernel_width = 3;
            desc.stride_height = desc.stride_width = 2;
            desc.input_padding_bottom = desc.input_padding_right = 1;
            desc.group_input_channels = desc.group_output_channels = channels;
            return qnnp_create_deconvolution2d(&desc, op);
          },
          [=](qnnp_operator_t op, const uint8_t* input, uint8_t* output) {
            return qnnp_setup_deconvolution2d(op, 1, size, size, input, channels, output, channels);
          },
          false,
          0,
          std::make_shared<Case>(same_convolution(size, channels, types))};
}

// 3x3, not padded.
Case locally_connected(size_t size, size_t inputs, size_t outputs, Types types) {
  const size_t pixels = (size - 2) * (size - 2);
  return {std::string("locally_connected/") + name_of(types) + "/3x3s1/" + text(size) + "x" +
              text(size) + "x" + text(inputs) + "->" + text(outputs),
          size * size * inputs, pixels * outputs,
          [=](qnnp_operator_t* op) {
            qnnp_locally_connected2d_desc desc = QNNP_LOCALLY_CONNECTED2D_DESC_INIT;
            const Weights weights = fill_weights(desc, types, outputs, 9 * inputs, pixels);
            desc.input_height = desc.input_width = size;
            desc.kernel_height = desc.kernel_width = 3;
            desc.group_input_channels = inputs;
            desc.group_output_channels = outputs;
            return qnnp_create_locally_connected2d(&desc, op);
          },
          [=](qnnp_operator_t op, const uint8_t* input, uint8_t* output) {
            return qnnp_setup_locally_connected2d(op, 1, input, inputs, output, outputs);
          }};
}

Case matrix_products(size_t batch, size_t m, size_t k, size_t n, bool transpose_b, Types types) {
  const size_t a_bytes = batch * m * k;
  return {std::string("batch_matrix_multiply/") + (types == Types::int8 ? "int8" : "uint8") + "/" +
              text(batch) + "x" + text(m) + "x" + text(k) + "x" + text(n) +
              (transpose_b ? "/transpose_b" : ""),
          a_bytes + batch * k * n, batch * m * n,
          [=](qnnp_operator_t* op) {
            qnnp_batch_matrix_multiply_desc desc = QNNP_BATCH_MATRIX_MULTIPLY_DESC_INIT;
            if (types == Types::int8) {
              desc.a_type = desc.b_type = desc.output_type = qnnp_datatype_int8;
            } else {
              desc.a_zero_point = desc.b_zero_point = desc.output_zero_point = 128;
            }
            desc.transpose_b = transpose_b;
            desc.a_scale = desc.output_scale = 1.0f;
            desc.b_scale = 1.0f / (300.0f * std::sqrt(static_cast<float>(k)));
            return qnnp_create_batch_matrix_multiply(&desc, op);
          },
          [=](qnnp_operator_t op, const uint8_t* input, uint8_t* output) {
            return qnnp_setup_batch_matrix_multiply(op, batch, m, k, n, input, k, input + a_bytes,
                                                    transpose_b ? k : n, output, n);
          }};
}

}  // namespace

Case fully_connected(size_t batch, size_t inputs, size_t outputs, Types types) {
  return {std::string("fully_connected/") + name_of(types) + "/" + text(batch) + "x" +
              text(inputs) + "->" + text(outputs),
          batch * inputs * element_size(types),
          batch * outputs * element_size(types),
          [=](qnnp_operator_t* op) {
            qnnp_fully_connected_desc desc = QNNP_FULLY_CONNECTED_DESC_INIT;
            const Weights weights = fill_weights(desc, types, outputs, inputs);
            desc.input_channels = inputs;
            desc.output_channels = outputs;
            return qnnp_create_fully_connected(&desc, op);
          },
          [=](qnnp_operator_t op, const uint8_t* input, uint8_t* output) {
            return qnnp_setup_fully_connected(op, batch, input, inputs, output, outputs);
          },
          types == Types::dynamic};
}

std::vector<Case> weights_cases() {
  std::vector<Case> result;
  for (const Types types : kTypes) {
    for (const size_t batch : {size_t{1}, size_t{16}}) {
      result.push_back(fully_connected(batch, 1024, 1000, types));  // MobileNet v1, ShuffleNet v2
      result.push_back(fully_connected(batch, 2048, 1000, types));  // ResNet-50, Xception
      result.push_back(fully_connected(batch, 1280, 1001, types));  // MobileNet v2, v3
    }
    if (types == Types::dynamic) continue;
    result.push_back(deconvolution(28, 64, types));
    result.push_back(locally_connected(16, 64, 64, types));
    result.push_back(locally_connected(30, 16, 16, types));
    result.push_back(matrix_products(12, 128, 64, 128, true, types));   // attention: scores
    result.push_back(matrix_products(12, 128, 128, 64, false, types));  // and values
  }
  return result;
}

}  // namespace qnnp::bench
