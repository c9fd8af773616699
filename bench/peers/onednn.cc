// SPDX-License-Identifier: BSD-3-Clause
// oneDNN's convolution primitive: activations uint8 or int8 with a zero point, weights int8 without
// one (it has no other), in the layouts that it asks for; one scale per channel for int8. Before
// AVX512-VNNI its products may saturate: its output is compared, but not held to ours.
#include <dnnl.hpp>

#include "peer.h"

extern "C" void omp_set_num_threads(int count);  // OpenMP's; clang comes without its header

namespace qnnp::bench {
namespace {

using dnnl::memory;
using Type = memory::data_type;
using Tag = memory::format_tag;

memory::dims dims(std::initializer_list<size_t> values) {
  memory::dims result;
  for (const size_t value : values) result.push_back(static_cast<int64_t>(value));
  return result;
}

struct Ready {
  dnnl::engine engine{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream{engine};
  dnnl::convolution_forward primitive;
  std::unordered_map<int, memory> arguments;
  memory output;
};

// Our weights are output, row, column, input; with groups in front.
memory plain_weights(const PeerLayer& l, dnnl::engine& engine, std::vector<int8_t>& values) {
  const Layer& c = l.layer;
  const auto* bytes = static_cast<const uint8_t*>(l.desc.kernel);
  const uint8_t flip = l.desc.kernel_type == qnnp_datatype_int8 ? 0 : 0x80;
  for (size_t i = 0; i < values.size(); i++) values[i] = static_cast<int8_t>(bytes[i] ^ flip);
  const bool grouped = c.groups != 1;
  const memory::dims sizes =
      grouped ? dims({c.groups, c.outputs / c.groups, c.inputs / c.groups, c.kernel, c.kernel})
              : dims({c.outputs, c.inputs, c.kernel, c.kernel});
  return {{sizes, Type::s8, grouped ? Tag::gohwi : Tag::ohwi}, engine, values.data()};
}

dnnl::primitive_attr attributes(const PeerLayer& l) {
  const qnnp_convolution2d_desc& d = l.desc;
  dnnl::primitive_attr attr;
  std::vector<float> scales(d.kernel_scales == nullptr ? 1 : l.layer.outputs);
  for (size_t i = 0; i < scales.size(); i++) {
    const float kernel_scale = d.kernel_scales == nullptr ? d.kernel_scale : d.kernel_scales[i];
    scales[i] = d.input_scale * kernel_scale / d.output_scale;
  }
  attr.set_output_scales(scales.size() == 1 ? 0 : 1 << 1, scales);
  if (d.input_zero_point != 0) attr.set_zero_points(DNNL_ARG_SRC, 0, {d.input_zero_point});
  if (d.output_zero_point != 0) attr.set_zero_points(DNNL_ARG_DST, 0, {d.output_zero_point});
  return attr;
}

std::shared_ptr<Ready> make_ready(const PeerLayer& l) {
  const Layer& c = l.layer;
  const qnnp_convolution2d_desc& d = l.desc;
  const Type type = d.input_type == qnnp_datatype_int8 ? Type::s8 : Type::u8;
  auto r = std::make_shared<Ready>();
  const memory::dims input = dims({1, c.inputs, c.size, c.size});
  const memory::dims output = dims({1, c.outputs, c.output_size(), c.output_size()});
  std::vector<int8_t> values(c.outputs * c.taps());
  memory weights = plain_weights(l, r->engine, values);
  const memory::desc any(weights.get_desc().dims(), Type::s8, Tag::any);
  const memory::desc bias(dims({c.outputs}), Type::s32, Tag::x);
  // Channels innermost: what our operators get and give.
  const memory::desc input_desc(input, type, Tag::nhwc), output_desc(output, type, Tag::nhwc);
  const dnnl::convolution_forward::desc convolution(
      dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_direct, input_desc, any,
      bias, output_desc, dims({c.stride, c.stride}),
      dims({d.input_padding_top, d.input_padding_left}),
      dims({d.input_padding_bottom, d.input_padding_right}));
  const dnnl::convolution_forward::primitive_desc chosen(convolution, attributes(l), r->engine);
  r->primitive = dnnl::convolution_forward(chosen);
  memory packed(chosen.weights_desc(), r->engine);
  dnnl::reorder(weights, packed).execute(r->stream, weights, packed);
  memory source(input_desc, r->engine), added(bias, r->engine);
  std::copy_n(l.input, c.size * c.size * c.inputs, static_cast<uint8_t*>(source.get_data_handle()));
  std::copy_n(d.bias, c.outputs, static_cast<int32_t*>(added.get_data_handle()));
  r->output = memory(output_desc, r->engine);
  r->stream.wait();
  r->arguments = {{DNNL_ARG_SRC, source},
                  {DNNL_ARG_WEIGHTS, packed},
                  {DNNL_ARG_BIAS, added},
                  {DNNL_ARG_DST, r->output}};
  return r;
}

Contestant make(const PeerLayer& l) {
  std::shared_ptr<Ready> r;
  try {
    r = make_ready(l);
  } catch (const dnnl::error& error) {
    return {{}, {}, error.what()};
  }
  const size_t outputs = l.outputs();
  return {[r] { r->primitive.execute(r->stream, r->arguments); },
          [r, outputs] {
            r->stream.wait();
            const auto* bytes = static_cast<const uint8_t*>(r->output.get_data_handle());
            return Bytes(bytes, bytes + outputs);
          },
          ""};
}

}  // namespace

std::vector<Peer> onednn_peers() {
  omp_set_num_threads(1);
  return {{"oneDNN/uint8", Types::uint8, 128, false, false, make},
          {"oneDNN/int8", Types::int8, 0, false, false, make}};
}

}  // namespace qnnp::bench
