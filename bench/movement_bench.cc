// SPDX-License-Identifier: BSD-3-Clause
// Operators that move bytes, on shapes of real networks.
#include "cases.h"

namespace qnnp::bench {
namespace {

Case shuffle_case(size_t pixels, const ShuffleDesc& s) {
  const size_t channels = s.groups * s.group_channels, bytes = pixels * channels;
  Case c = {"channel_shuffle/" + std::to_string(pixels) + "x" + std::to_string(channels) + "/" +
                std::to_string(s.groups) + "_groups",
            bytes, bytes,
            [=](qnnp_operator_t* op) {
              return qnnp_create_channel_shuffle_nc_x8(s.groups, s.group_channels, 0, op);
            },
            [=](qnnp_operator_t op, const uint8_t* input, uint8_t* output) {
              return qnnp_setup_channel_shuffle_nc_x8(op, pixels, input, channels, output,
                                                      channels);
            }};
  c.described = {s, pixels};
  return c;
}

using Sizes = std::vector<size_t>;

size_t product(const Sizes& sizes) {
  size_t result = 1;
  for (size_t size : sizes) result *= size;
  return result;
}

std::string text(const Sizes& sizes) {
  std::string result;
  for (size_t size : sizes) result += (result.empty() ? "" : "x") + std::to_string(size);
  return result;
}

// The matrix of one image between NHWC and NCHW.
Case transpose_case(const char* name, size_t rows, size_t columns) {
  qnnp_transpose_desc desc = QNNP_TRANSPOSE_DESC_INIT;
  desc.dimensions = 2;
  desc.permutation[0] = 1;
  return {name, rows * columns, rows * columns,
          [=](qnnp_operator_t* op) { return qnnp_create_transpose(&desc, op); },
          [=](qnnp_operator_t op, const uint8_t* input, uint8_t* output) {
            const size_t shape[2] = {rows, columns};
            return qnnp_setup_transpose(op, shape, input, output);
          }};
}

Case depth_to_space_case(size_t size, size_t block, size_t channels) {
  qnnp_depth_space_desc desc = QNNP_DEPTH_SPACE_DESC_INIT;
  desc.block_size = static_cast<uint32_t>(block);
  desc.channels = channels;
  const size_t deep = block * block * channels, bytes = size * size * deep;
  return {"depth_to_space/" + text({size, size, deep}) + "/block_" + std::to_string(block), bytes,
          bytes, [=](qnnp_operator_t* op) { return qnnp_create_depth_to_space(&desc, op); },
          [=](qnnp_operator_t op, const uint8_t* input, uint8_t* output) {
            return qnnp_setup_depth_to_space(op, 1, size, size, input, deep, output, channels);
          }};
}

Case space_to_depth_case(size_t size, size_t block, size_t channels) {
  qnnp_depth_space_desc desc = QNNP_DEPTH_SPACE_DESC_INIT;
  desc.block_size = static_cast<uint32_t>(block);
  desc.channels = channels;
  const size_t bytes = size * size * channels;
  return {"space_to_depth/" + text({size, size, channels}) + "/block_" + std::to_string(block),
          bytes, bytes, [=](qnnp_operator_t* op) { return qnnp_create_space_to_depth(&desc, op); },
          [=](qnnp_operator_t op, const uint8_t* input, uint8_t* output) {
            return qnnp_setup_space_to_depth(op, 1, size, size, input, channels, output,
                                             block * block * channels);
          }};
}

// A slice: half of the channels of every row.
Case copy_case(size_t rows, size_t channels) {
  qnnp_copy_desc desc = QNNP_COPY_DESC_INIT;
  desc.channels = channels;
  return {"copy/" + text({rows, channels}) + "/of_" + std::to_string(2 * channels),
          2 * rows * channels,
          rows * channels,
          [=](qnnp_operator_t* op) { return qnnp_create_copy(&desc, op); },
          [=](qnnp_operator_t op, const uint8_t* input, uint8_t* output) {
            return qnnp_setup_copy(op, rows, input, 2 * channels, output, channels);
          },
          false,
          2 * rows * channels};
}

Case pad_case(const Sizes& shape, size_t padding) {
  qnnp_constant_pad_desc desc = QNNP_CONSTANT_PAD_DESC_INIT;
  desc.dimensions = 3;
  Sizes padded = shape;
  for (size_t d = 0; d < 2; d++) {
    desc.before[d] = desc.after[d] = padding;
    padded[d] += 2 * padding;
  }
  return {"constant_pad/" + text(shape) + "/by_" + std::to_string(padding), product(shape),
          product(padded), [=](qnnp_operator_t* op) { return qnnp_create_constant_pad(&desc, op); },
          [=](qnnp_operator_t op, const uint8_t* input, uint8_t* output) {
            return qnnp_setup_constant_pad(op, shape.data(), input, output);
          }};
}

Case resize_case(const char* name, qnnp_resize_mode mode, size_t from, size_t to, size_t channels) {
  qnnp_resize2d_desc desc = QNNP_RESIZE2D_DESC_INIT;
  desc.channels = channels;
  desc.mode = mode;
  desc.coordinates = qnnp_resize_half_pixel;
  return {
      std::string("resize_") + name + "/" + text({from, from, channels}) + "/to_" + text({to, to}),
      from * from * channels, to * to * channels,
      [=](qnnp_operator_t* op) { return qnnp_create_resize2d(&desc, op); },
      [=](qnnp_operator_t op, const uint8_t* input, uint8_t* output) {
        return qnnp_setup_resize2d(op, 1, from, from, to, to, input, channels, output, channels);
      }};
}

}  // namespace

std::vector<Case> movement_cases() {
  std::vector<Case> all;
  // 28x28x240 in every division; ShuffleNet v1 (3 and 8 groups), v2.
  for (const ShuffleDesc& s : {ShuffleDesc{2, 120}, ShuffleDesc{3, 80}, ShuffleDesc{4, 60},
                               ShuffleDesc{8, 30}, ShuffleDesc{5, 48}}) {
    all.push_back(shuffle_case(784, s));
  }
  all.push_back(shuffle_case(196, {3, 40}));
  all.push_back(shuffle_case(784, {8, 12}));
  all.push_back(shuffle_case(784, {2, 58}));
  all.push_back(shuffle_case(196, {2, 116}));
  all.push_back(shuffle_case(49, {2, 232}));
  all.push_back(transpose_case("nhwc_to_nchw/56x56x64", 3136, 64));
  all.push_back(transpose_case("nchw_to_nhwc/56x56x64", 64, 3136));
  all.push_back(transpose_case("nhwc_to_nchw/224x224x3", 50176, 3));
  all.push_back(transpose_case("nchw_to_nhwc/224x224x3", 3, 50176));
  all.push_back(transpose_case("nhwc_to_nchw/7x7x1024", 49, 1024));
  all.push_back(depth_to_space_case(28, 2, 32));
  all.push_back(depth_to_space_case(112, 2, 3));
  all.push_back(space_to_depth_case(56, 2, 32));
  all.push_back(space_to_depth_case(224, 2, 3));
  all.push_back(copy_case(784, 58));
  all.push_back(copy_case(3136, 24));
  all.push_back(pad_case({112, 112, 32}, 1));
  all.push_back(pad_case({224, 224, 3}, 3));
  all.push_back(resize_case("nearest", qnnp_resize_nearest, 28, 56, 128));
  all.push_back(resize_case("bilinear", qnnp_resize_bilinear, 28, 56, 128));
  all.push_back(resize_case("bilinear", qnnp_resize_bilinear, 33, 129, 21));
  all.push_back(resize_case("bilinear", qnnp_resize_bilinear, 28, 45, 128));
  all.push_back(resize_case("bilinear", qnnp_resize_bilinear, 160, 224, 3));
  return all;
}

}  // namespace qnnp::bench
