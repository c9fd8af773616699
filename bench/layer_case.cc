// SPDX-License-Identifier: BSD-3-Clause
#include "cases.h"

namespace qnnp::bench {

LayerDesc::LayerDesc(const Layer& layer, Types types, int32_t kernel_zero_point, bool symmetric)
    : weights(fill_weights(desc, types, layer.outputs, layer.taps())) {
  if (types == Types::uint8) desc.kernel_zero_point = kernel_zero_point;
  const uint32_t padding = layer.padding() + (symmetric ? layer.padding() % 2 : 0);
  desc.input_padding_top = desc.input_padding_left = padding / 2;
  desc.input_padding_bottom = desc.input_padding_right = padding - padding / 2;
  desc.kernel_height = desc.kernel_width = layer.kernel;
  desc.subsampling_height = desc.subsampling_width = layer.stride;
  desc.groups = layer.groups;
  desc.group_input_channels = layer.inputs / layer.groups;
  desc.group_output_channels = layer.outputs / layer.groups;
}

Case layer_case(const char* network, const Layer& layer, Types types, int32_t kernel_zero_point,
                bool symmetric) {
  const size_t size = layer.size, output_size = layer.output_size();
  const auto setup_of = [=](size_t height) {
    return [=](qnnp_operator_t op, const uint8_t* input, uint8_t* output) {
      return qnnp_setup_convolution2d(op, 1, height, size, input, layer.inputs, output,
                                      layer.outputs);
    };
  };
  Case result = {std::string(network) + "/" + name_of(types) + "/" + layer.name(),
                 size * size * layer.inputs * element_size(types),
                 output_size * output_size * layer.outputs * element_size(types),
                 [=](qnnp_operator_t* op) {
                   const LayerDesc described(layer, types, kernel_zero_point, symmetric);
                   return qnnp_create_convolution2d(&described.desc, op);
                 },
                 setup_of(size),
                 types == Types::dynamic};
  if (size > layer.kernel) result.setup_smaller = setup_of(size - 1);
  return result;
}

}  // namespace qnnp::bench
