// SPDX-License-Identifier: BSD-3-Clause
// Operators without weights of the QNNPACK inside PyTorch, by its own functions: PyTorch's library
// exports them, but no package has their header. Declared here is what is called. Unlike a
// convolution's, these times contain nothing of PyTorch.
#include <pthreadpool.h>

#include <algorithm>

#include "peer.h"

extern "C" {
using pytorch_qnnp_operator_t = struct pytorch_qnnp_operator*;

int pytorch_qnnp_initialize();
int pytorch_qnnp_run_operator(pytorch_qnnp_operator_t op, pthreadpool_t pool);
int pytorch_qnnp_delete_operator(pytorch_qnnp_operator_t op);

// Zero points and scales of a, b and the sum; limits; flags.
int pytorch_qnnp_create_add_nc_q8(size_t channels, uint8_t, float, uint8_t, float, uint8_t, float,
                                  uint8_t min, uint8_t max, uint32_t flags,
                                  pytorch_qnnp_operator_t* op);
int pytorch_qnnp_setup_add_nc_q8(pytorch_qnnp_operator_t op, size_t rows, const uint8_t* a,
                                 size_t a_stride, const uint8_t* b, size_t b_stride, uint8_t* sum,
                                 size_t sum_stride);
int pytorch_qnnp_create_clamp_nc_u8(size_t channels, uint8_t min, uint8_t max, uint32_t flags,
                                    pytorch_qnnp_operator_t* op);
// Zero points and scales of input and output, here and below.
int pytorch_qnnp_create_sigmoid_nc_q8(size_t channels, uint8_t, float, uint8_t, float, uint8_t min,
                                      uint8_t max, uint32_t flags, pytorch_qnnp_operator_t* op);
int pytorch_qnnp_create_softargmax_nc_q8(size_t channels, float input_scale, uint8_t, float,
                                         uint32_t flags, pytorch_qnnp_operator_t* op);
int pytorch_qnnp_create_channel_shuffle_nc_x8(size_t groups, size_t group_channels, uint32_t flags,
                                              pytorch_qnnp_operator_t* op);
int pytorch_qnnp_create_global_average_pooling_nwc_q8(size_t channels, uint8_t, float, uint8_t,
                                                      float, uint8_t min, uint8_t max,
                                                      uint32_t flags, pytorch_qnnp_operator_t* op);
int pytorch_qnnp_setup_global_average_pooling_nwc_q8(pytorch_qnnp_operator_t op, size_t batch,
                                                     size_t pixels, const uint8_t* input,
                                                     size_t input_stride, uint8_t* output,
                                                     size_t output_stride);
// Height and width of the padding on either side, the window, the stride (the dilation).
int pytorch_qnnp_create_average_pooling2d_nhwc_q8(uint32_t, uint32_t, uint32_t, uint32_t, uint32_t,
                                                  uint32_t, size_t channels, uint8_t, float,
                                                  uint8_t, float, uint8_t min, uint8_t max,
                                                  uint32_t flags, pytorch_qnnp_operator_t* op);
int pytorch_qnnp_create_max_pooling2d_nhwc_u8(uint32_t, uint32_t, uint32_t, uint32_t, uint32_t,
                                              uint32_t, uint32_t, uint32_t, size_t channels,
                                              uint8_t min, uint8_t max, uint32_t flags,
                                              pytorch_qnnp_operator_t* op);

#define QNNP_SETUP_ROWS(name)                                                               \
  int pytorch_qnnp_setup_##name(pytorch_qnnp_operator_t op, size_t rows, const uint8_t* in, \
                                size_t in_stride, uint8_t* out, size_t out_stride);
QNNP_SETUP_ROWS(clamp_nc_u8)
QNNP_SETUP_ROWS(sigmoid_nc_q8)
QNNP_SETUP_ROWS(softargmax_nc_q8)
QNNP_SETUP_ROWS(channel_shuffle_nc_x8)
#undef QNNP_SETUP_ROWS
#define QNNP_SETUP_WINDOWS(name)                                                                 \
  int pytorch_qnnp_setup_##name(pytorch_qnnp_operator_t op, size_t batch, size_t height,         \
                                size_t width, const uint8_t* in, size_t in_stride, uint8_t* out, \
                                size_t out_stride, pthreadpool_t pool);
QNNP_SETUP_WINDOWS(average_pooling2d_nhwc_q8)
QNNP_SETUP_WINDOWS(max_pooling2d_nhwc_u8)
#undef QNNP_SETUP_WINDOWS
}

namespace qnnp::bench {
namespace {

using Ready = PeerOperator<struct pytorch_qnnp_operator>;

struct Maker {
  const Case& c;
  const uint8_t* input;

  template <class Create, class... Arguments>
  std::shared_ptr<Ready> create(const Create& function, Arguments... arguments) const {
    auto r = std::make_shared<Ready>();
    r->input.assign(input, input + c.input_bytes);
    r->output.resize(c.output_bytes);
    pytorch_qnnp_operator_t op = nullptr;
    if (function(arguments..., 0, &op) == 0) r->op.reset(op, pytorch_qnnp_delete_operator);
    return r;
  }

  // setup: what the operator's setup function makes of its tensors.
  template <class Setup>
  Contestant ready(const std::shared_ptr<Ready>& r, const Setup& setup) const {
    if (!r->op || setup(r->op.get(), r->input.data(), r->output.data()) != 0) {
      return {{}, {}, "create or setup failed"};
    }
    return {[r] { pytorch_qnnp_run_operator(r->op.get(), nullptr); }, [r] { return r->output; },
            ""};
  }

  template <class Setup>
  Contestant rows(const std::shared_ptr<Ready>& r, const Setup& setup, size_t channels) const {
    return ready(r, [&](pytorch_qnnp_operator_t op, const uint8_t* from, uint8_t* to) {
      return setup(op, c.described.size, from, channels, to, channels);
    });
  }

  Contestant operator()(const qnnp_binary_desc& d) const {
    if (d.operation != qnnp_binary_operation_add) return {{}, {}, "it only adds"};
    const auto r = create(pytorch_qnnp_create_add_nc_q8, d.channels, byte(d.a_zero_point),
                          d.a_scale, byte(d.b_zero_point), d.b_scale, byte(d.output_zero_point),
                          d.output_scale, byte(d.output_min), output_max(d));
    return ready(r, [&](pytorch_qnnp_operator_t op, const uint8_t* a, uint8_t* to) {
      return pytorch_qnnp_setup_add_nc_q8(op, c.described.size, a, d.channels, a + c.output_bytes,
                                          d.channels, to, d.channels);
    });
  }

  Contestant operator()(const qnnp_clamp_desc& d) const {
    return rows(
        create(pytorch_qnnp_create_clamp_nc_u8, d.channels, byte(d.output_min), output_max(d)),
        pytorch_qnnp_setup_clamp_nc_u8, d.channels);
  }

  Contestant operator()(const qnnp_activation_desc& d) const {
    if (d.function != qnnp_activation_sigmoid) return {{}, {}, "PyTorch's library lacks it"};
    return rows(create(pytorch_qnnp_create_sigmoid_nc_q8, d.channels, byte(d.input_zero_point),
                       d.input_scale, byte(d.output_zero_point), d.output_scale, byte(d.output_min),
                       output_max(d)),
                pytorch_qnnp_setup_sigmoid_nc_q8, d.channels);
  }

  Contestant operator()(const qnnp_softargmax_desc& d) const {
    return rows(create(pytorch_qnnp_create_softargmax_nc_q8, d.channels, d.input_scale, uint8_t{0},
                       1.0f / 256),
                pytorch_qnnp_setup_softargmax_nc_q8, d.channels);
  }

  Contestant operator()(const qnnp_pooling2d_desc& d) const {
    const auto make = [&](const auto& function, auto... rest) {
      return create(function, d.input_padding_top, d.input_padding_left, d.pooling_height,
                    d.pooling_width, d.stride_height, d.stride_width, rest..., byte(d.output_min),
                    output_max(d));
    };
    const auto bind = [&](const std::shared_ptr<Ready>& r, const auto& setup) {
      const size_t size = c.described.size;
      return ready(r, [&](pytorch_qnnp_operator_t op, const uint8_t* from, uint8_t* to) {
        return setup(op, 1, size, size, from, d.channels, to, d.channels, nullptr);
      });
    };
    if (d.operation == qnnp_reduction_max) {
      return bind(make(pytorch_qnnp_create_max_pooling2d_nhwc_u8, 1, 1, d.channels),
                  pytorch_qnnp_setup_max_pooling2d_nhwc_u8);
    }
    if (d.exclude_padding) return {{}, {}, "it counts the padding"};
    return bind(
        make(pytorch_qnnp_create_average_pooling2d_nhwc_q8, d.channels, byte(d.input_zero_point),
             d.input_scale, byte(d.output_zero_point), d.output_scale),
        pytorch_qnnp_setup_average_pooling2d_nhwc_q8);
  }

  Contestant operator()(const qnnp_global_pooling_desc& d) const {
    if (d.operation == qnnp_reduction_max) return {{}, {}, "it has no global maximum"};
    const auto r = create(pytorch_qnnp_create_global_average_pooling_nwc_q8, d.channels,
                          byte(d.input_zero_point), d.input_scale, byte(d.output_zero_point),
                          d.output_scale, byte(d.output_min), output_max(d));
    return ready(r, [&](pytorch_qnnp_operator_t op, const uint8_t* from, uint8_t* to) {
      return pytorch_qnnp_setup_global_average_pooling_nwc_q8(op, 1, c.described.size, from,
                                                              d.channels, to, d.channels);
    });
  }

  Contestant operator()(const ShuffleDesc& d) const {
    return rows(create(pytorch_qnnp_create_channel_shuffle_nc_x8, d.groups, d.group_channels),
                pytorch_qnnp_setup_channel_shuffle_nc_x8, d.groups * d.group_channels);
  }

  Contestant operator()(std::monostate) const { return {{}, {}, "not described"}; }
};

}  // namespace

Contestant pytorch_operator(const Case& c, const uint8_t* input) {
  if (pytorch_qnnp_initialize() != 0) return {{}, {}, "initialize failed"};
  return std::visit(Maker{c, input}, c.described.desc);
}

}  // namespace qnnp::bench
