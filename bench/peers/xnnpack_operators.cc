// SPDX-License-Identifier: BSD-3-Clause
// XNNPACK's uint8 operators without weights.
#include <xnnpack.h>

#include <algorithm>

#include "peer.h"

namespace qnnp::bench {
namespace {

// It may read a few bytes beyond a tensor.
using Ready = PeerOperator<struct xnn_operator>;

struct Maker {
  const Case& c;
  const uint8_t* input;

  template <class Create, class... Arguments>
  std::shared_ptr<Ready> create(const Create& function, Arguments... arguments) const {
    auto r = std::make_shared<Ready>();
    r->input.resize(c.input_bytes + XNN_EXTRA_BYTES);
    std::copy_n(input, c.input_bytes, r->input.begin());
    r->output.resize(c.output_bytes + XNN_EXTRA_BYTES);
    xnn_operator_t op = nullptr;
    if (function(arguments..., 0, &op) == xnn_status_success) {
      r->op.reset(op, [](xnn_operator_t made) { xnn_delete_operator(made); });
    }
    return r;
  }

  // setup: what the operator's setup function makes of its tensors.
  template <class Setup>
  Contestant ready(const std::shared_ptr<Ready>& r, const Setup& setup) const {
    if (!r->op || setup(r->op.get(), r->input.data(), r->output.data()) != xnn_status_success) {
      return {{}, {}, "create or setup failed"};
    }
    const size_t bytes = c.output_bytes;
    return {[r] { xnn_run_operator(r->op.get(), nullptr); },
            [r, bytes] { return Bytes(r->output.data(), r->output.data() + bytes); }, ""};
  }

  // Setup functions of one input: sizes, then the tensors.
  template <class Setup, class... Sizes>
  Contestant unary(const std::shared_ptr<Ready>& r, const Setup& setup, Sizes... sizes) const {
    return ready(r, [=](xnn_operator_t op, const uint8_t* from, uint8_t* to) {
      return setup(op, sizes..., from, to, nullptr);
    });
  }

  Contestant operator()(const qnnp_binary_desc& d) const {
    const auto make = [&](const auto& function) {
      return create(function, byte(d.a_zero_point), d.a_scale, byte(d.b_zero_point), d.b_scale,
                    byte(d.output_zero_point), d.output_scale, byte(d.output_min), output_max(d));
    };
    const auto bind = [&](const std::shared_ptr<Ready>& r, const auto& setup) {
      const size_t elements = c.output_bytes;
      return ready(r, [=](xnn_operator_t op, const uint8_t* a, uint8_t* to) {
        return setup(op, 1, &elements, 1, &elements, a, a + elements, to, nullptr);
      });
    };
    if (d.operation == qnnp_binary_operation_add) {
      return bind(make(xnn_create_add_nd_qu8), xnn_setup_add_nd_qu8);
    }
    if (d.operation == qnnp_binary_operation_multiply) {
      return bind(make(xnn_create_multiply_nd_qu8), xnn_setup_multiply_nd_qu8);
    }
    return bind(make(xnn_create_subtract_nd_qu8), xnn_setup_subtract_nd_qu8);
  }

  Contestant operator()(const qnnp_clamp_desc& d) const {
    return unary(create(xnn_create_clamp_nc_u8, d.channels, d.channels, d.channels,
                        byte(d.output_min), output_max(d)),
                 xnn_setup_clamp_nc_u8, c.described.size);
  }

  Contestant operator()(const qnnp_activation_desc& d) const {
    const auto make = [&](const auto& function, auto... slope) {
      return create(function, d.channels, d.channels, d.channels, slope...,
                    byte(d.input_zero_point), d.input_scale, byte(d.output_zero_point),
                    d.output_scale, byte(d.output_min), output_max(d));
    };
    if (d.function == qnnp_activation_sigmoid) {
      return unary(make(xnn_create_sigmoid_nc_qu8), xnn_setup_sigmoid_nc_qu8, c.described.size);
    }
    if (d.function == qnnp_activation_leaky_relu) {
      return unary(make(xnn_create_leaky_relu_nc_qu8, d.alpha), xnn_setup_leaky_relu_nc_qu8,
                   c.described.size);
    }
    return {{}, {}, "it has no such function"};
  }

  Contestant operator()(const qnnp_softargmax_desc& d) const {
    return unary(create(xnn_create_softmax_nc_qu8, d.channels, d.channels, d.channels,
                        d.input_scale, uint8_t{0}, 1.0f / 256),
                 xnn_setup_softmax_nc_qu8, c.described.size);
  }

  Contestant operator()(const qnnp_pooling2d_desc& d) const {
    const auto make = [&](const auto& function, auto... rest) {
      return create(function, d.input_padding_top, d.input_padding_right, d.input_padding_bottom,
                    d.input_padding_left, d.pooling_height, d.pooling_width, d.stride_height,
                    d.stride_width, rest..., byte(d.output_min), output_max(d));
    };
    const size_t size = c.described.size, n = d.channels;
    if (d.operation == qnnp_reduction_max) {
      return unary(make(xnn_create_max_pooling2d_nhwc_u8, 1, 1, n, n, n),
                   xnn_setup_max_pooling2d_nhwc_u8, 1, size, size);
    }
    if (d.exclude_padding) return {{}, {}, "it counts the padding"};
    return unary(make(xnn_create_average_pooling2d_nhwc_qu8, n, n, n, byte(d.input_zero_point),
                      d.input_scale, byte(d.output_zero_point), d.output_scale),
                 xnn_setup_average_pooling2d_nhwc_qu8, 1, size, size);
  }

  Contestant operator()(const qnnp_global_pooling_desc& d) const {
    if (d.operation == qnnp_reduction_max) return {{}, {}, "it has no global maximum"};
    return unary(
        create(xnn_create_global_average_pooling_nwc_qu8, d.channels, d.channels, d.channels,
               byte(d.input_zero_point), d.input_scale, byte(d.output_zero_point), d.output_scale,
               byte(d.output_min), output_max(d)),
        xnn_setup_global_average_pooling_nwc_qu8, 1, c.described.size);
  }

  Contestant operator()(const ShuffleDesc& d) const {
    const size_t channels = d.groups * d.group_channels;
    return unary(
        create(xnn_create_channel_shuffle_nc_x8, d.groups, d.group_channels, channels, channels),
        xnn_setup_channel_shuffle_nc_x8, c.described.size);
  }

  Contestant operator()(std::monostate) const { return {{}, {}, "not described"}; }
};

}  // namespace

Contestant xnnpack_operator(const Case& c, const uint8_t* input) {
  return std::visit(Maker{c, input}, c.described.desc);
}

}  // namespace qnnp::bench
