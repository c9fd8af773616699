// SPDX-License-Identifier: BSD-3-Clause
// Poolings, reductions and argmax on shapes of real networks.
#include "cases.h"

namespace qnnp::bench {
namespace {

template <class Desc>
Desc with_quantization(Desc desc, enum qnnp_reduction operation) {
  desc.operation = operation;
  desc.input_zero_point = 5;
  desc.input_scale = 0.75f;
  desc.output_zero_point = 7;
  desc.output_scale = 0.5f;
  return desc;
}

const char* name_of(enum qnnp_reduction operation) {
  return operation == qnnp_reduction_max ? "max" : "mean";
}

struct Window {
  size_t image, channels;
  uint32_t size, stride, padding;
  bool exclude_padding;
};

Case window_case(enum qnnp_reduction operation, const Window& w) {
  qnnp_pooling2d_desc desc = QNNP_POOLING2D_DESC_INIT;
  desc = with_quantization(desc, operation);
  desc.channels = w.channels;
  desc.pooling_height = desc.pooling_width = w.size;
  desc.stride_height = desc.stride_width = w.stride;
  desc.input_padding_top = desc.input_padding_bottom = w.padding;
  desc.input_padding_left = desc.input_padding_right = w.padding;
  desc.exclude_padding = w.exclude_padding;
  const size_t outputs = (w.image + 2 * w.padding - w.size) / w.stride + 1;
  const auto number = [](size_t value) { return std::to_string(value); };
  Case c = {std::string(name_of(operation)) + "_pooling/" + number(w.image) + "x" +
                number(w.image) + "x" + number(w.channels) + "/" + number(w.size) + "x" +
                number(w.size) + "s" + number(w.stride) + "p" + number(w.padding) +
                (w.exclude_padding ? "/exclude_padding" : ""),
            w.image * w.image * w.channels, outputs * outputs * w.channels,
            [=](qnnp_operator_t* op) { return qnnp_create_pooling2d(&desc, op); },
            [=](qnnp_operator_t op, const uint8_t* input, uint8_t* output) {
              return qnnp_setup_pooling2d(op, 1, w.image, w.image, input, w.channels, output,
                                          w.channels);
            }};
  c.described = {desc, w.image};
  return c;
}

Case global_case(enum qnnp_reduction operation, size_t pixels, size_t channels) {
  qnnp_global_pooling_desc desc = QNNP_GLOBAL_POOLING_DESC_INIT;
  desc = with_quantization(desc, operation);
  desc.channels = channels;
  Case c = {std::string("global_") + name_of(operation) + "_pooling/" + std::to_string(pixels) +
                "x" + std::to_string(channels),
            pixels * channels, channels,
            [=](qnnp_operator_t* op) { return qnnp_create_global_pooling(&desc, op); },
            [=](qnnp_operator_t op, const uint8_t* input, uint8_t* output) {
              return qnnp_setup_global_pooling(op, 1, pixels, input, channels, output, channels);
            }};
  c.described = {desc, pixels};
  return c;
}

Case reduce_case(enum qnnp_reduction operation, size_t outer, size_t middle, size_t inner) {
  qnnp_reduce_desc desc = QNNP_REDUCE_DESC_INIT;
  desc = with_quantization(desc, operation);
  desc.axes = 1u << 1;
  return {std::string("reduce_") + name_of(operation) + "/" + std::to_string(outer) + "x[" +
              std::to_string(middle) + "]x" + std::to_string(inner),
          outer * middle * inner, outer * inner,
          [=](qnnp_operator_t* op) { return qnnp_create_reduce(&desc, op); },
          [=](qnnp_operator_t op, const uint8_t* input, uint8_t* output) {
            const size_t sizes[3] = {outer, middle, inner};
            return qnnp_setup_reduce(op, 3, sizes, input, output);
          }};
}

Case argmax_case(size_t rows, size_t channels) {
  qnnp_argmax_desc desc = QNNP_ARGMAX_DESC_INIT;
  desc.channels = channels;
  return {"argmax/" + std::to_string(rows) + "x" + std::to_string(channels), rows * channels,
          rows * sizeof(int32_t),
          [=](qnnp_operator_t* op) { return qnnp_create_argmax(&desc, op); },
          [=](qnnp_operator_t op, const uint8_t* input, uint8_t* output) {
            return qnnp_setup_argmax(op, rows, input, channels, output, 1);
          }};
}

}  // namespace

std::vector<Case> pooling_cases() {
  const auto mean = qnnp_reduction_mean, most = qnnp_reduction_max;
  return {window_case(most, {112, 64, 3, 2, 0, false}),  // ResNet-50, SqueezeNet
          window_case(most, {112, 64, 2, 2, 0, false}),  // VGG
          window_case(most, {28, 256, 3, 1, 1, false}),  // Inception
          window_case(mean, {56, 64, 3, 2, 1, false}),   // ShuffleNet
          window_case(mean, {56, 64, 3, 2, 1, true}),
          window_case(mean, {35, 192, 3, 1, 1, true}),  // Inception
          global_case(mean, 49, 1024),                  // MobileNet v1
          global_case(mean, 49, 2048),                  // ResNet-50, Xception
          global_case(most, 49, 1024),
          reduce_case(mean, 1, 784, 64),  // squeeze and excite, MobileNet v3
          reduce_case(mean, 784, 64, 1),  // over the channels of each pixel
          reduce_case(most, 784, 64, 1),
          reduce_case(mean, 128, 768, 1),
          argmax_case(1, 1000),
          argmax_case(4096, 21)};  // segmentation
}

}  // namespace qnnp::bench
