// SPDX-License-Identifier: BSD-3-Clause
// XNNPACK's convolution operators: uint8 with one scale, int8 with one scale per channel, float32.
#include <xnnpack.h>

#include <algorithm>
#include <cmath>

#include "peer.h"

namespace qnnp::bench {
namespace {

struct Delete {
  void operator()(xnn_operator_t op) const { xnn_delete_operator(op); }
};
using Handle = std::shared_ptr<struct xnn_operator>;

// What every variant has in common: XNNPACK may read a few bytes beyond a tensor.
template <class Type>
struct Data {
  std::vector<Type> input, output;
  Handle op;
};

template <class Type>
std::shared_ptr<Data<Type>> data_of(const PeerLayer& l) {
  const size_t inputs = l.layer.size * l.layer.size * l.layer.inputs;
  auto data = std::make_shared<Data<Type>>();
  data->input.resize(inputs + XNN_EXTRA_BYTES);
  data->output.resize(l.outputs());
  return data;
}

// The parameters that all create functions begin with, then those of the variant.
template <class Create, class... Rest>
Handle create(const PeerLayer& l, const Create& function, Rest... rest) {
  const qnnp_convolution2d_desc& d = l.desc;
  xnn_operator_t op = nullptr;
  const enum xnn_status status =
      function(d.input_padding_top, d.input_padding_right, d.input_padding_bottom,
               d.input_padding_left, d.kernel_height, d.kernel_width, d.subsampling_height,
               d.subsampling_width, 1, 1, d.groups, d.group_input_channels, d.group_output_channels,
               l.layer.inputs, l.layer.outputs, rest..., 0, &op);
  return Handle(status == xnn_status_success ? op : nullptr, Delete());
}

template <class Type, class Setup, class Quantized>
Contestant ready(const PeerLayer& l, std::shared_ptr<Data<Type>> data, const Setup& setup,
                 const Quantized& quantized) {
  if (!data->op || setup(data->op.get(), 1, l.layer.size, l.layer.size, data->input.data(),
                         data->output.data(), nullptr) != xnn_status_success) {
    return {{}, {}, "create or setup failed"};
  }
  return {[data] { xnn_run_operator(data->op.get(), nullptr); },
          [data, quantized] {
            Bytes bytes(data->output.size());
            std::transform(data->output.begin(), data->output.end(), bytes.begin(), quantized);
            return bytes;
          },
          ""};
}

Contestant make_uint8(const PeerLayer& l) {
  const qnnp_convolution2d_desc& d = l.desc;
  auto data = data_of<uint8_t>(l);
  std::copy_n(l.input, data->input.size() - XNN_EXTRA_BYTES, data->input.begin());
  data->op =
      create(l, xnn_create_convolution2d_nhwc_qu8, static_cast<uint8_t>(d.input_zero_point),
             d.input_scale, static_cast<uint8_t>(d.kernel_zero_point), d.kernel_scale,
             static_cast<const uint8_t*>(d.kernel), d.bias,
             static_cast<uint8_t>(d.output_zero_point), d.output_scale, uint8_t{0}, uint8_t{255});
  return ready(l, data, xnn_setup_convolution2d_nhwc_qu8, [](uint8_t value) { return value; });
}

Contestant make_int8(const PeerLayer& l) {
  const qnnp_convolution2d_desc& d = l.desc;
  auto data = data_of<int8_t>(l);
  std::copy_n(l.input, data->input.size() - XNN_EXTRA_BYTES, data->input.begin());
  data->op =
      create(l, xnn_create_convolution2d_nhwc_qc8, static_cast<int8_t>(d.input_zero_point),
             d.input_scale, d.kernel_scales, static_cast<const int8_t*>(d.kernel), d.bias,
             static_cast<int8_t>(d.output_zero_point), d.output_scale, int8_t{-128}, int8_t{127});
  return ready(l, data, xnn_setup_convolution2d_nhwc_qc8,
               [](int8_t value) { return static_cast<uint8_t>(value); });
}

// The same layer in real numbers.
Contestant make_float(const PeerLayer& l) {
  const qnnp_convolution2d_desc& d = l.desc;
  auto data = data_of<float>(l);
  for (size_t i = 0; i < data->input.size() - XNN_EXTRA_BYTES; i++) {
    data->input[i] = static_cast<float>(l.input[i] - d.input_zero_point) * d.input_scale;
  }
  const auto* bytes = static_cast<const uint8_t*>(d.kernel);
  std::vector<float> kernel(l.layer.outputs * l.layer.taps()), bias(l.layer.outputs);
  for (size_t i = 0; i < kernel.size(); i++) {
    kernel[i] = static_cast<float>(bytes[i] - d.kernel_zero_point) * d.kernel_scale;
  }
  for (size_t i = 0; i < bias.size(); i++) {
    bias[i] = static_cast<float>(d.bias[i]) * d.input_scale * d.kernel_scale;
  }
  data->op =
      create(l, xnn_create_convolution2d_nhwc_f32, kernel.data(), bias.data(), -INFINITY, INFINITY);
  const float scale = d.output_scale;
  const int32_t zero = d.output_zero_point;
  return ready(l, data, xnn_setup_convolution2d_nhwc_f32, [scale, zero](float value) {
    const float steps = std::nearbyint(value / scale) + static_cast<float>(zero);
    return static_cast<uint8_t>(std::clamp(steps, 0.0f, 255.0f));
  });
}

}  // namespace

std::vector<Peer> xnnpack_peers() {
  if (xnn_initialize(nullptr) != xnn_status_success) return {};
  return {
      {"XNNPACK/uint8", Types::uint8, kKernelZeroPoint, false, true, make_uint8, xnnpack_operator},
      {"XNNPACK/int8", Types::int8, 0, false, true, make_int8},
      {"XNNPACK/float", Types::uint8, kKernelZeroPoint, false, true, make_float}};
}

}  // namespace qnnp::bench
