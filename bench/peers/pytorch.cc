// SPDX-License-Identifier: BSD-3-Clause
// The QNNPACK inside PyTorch, through PyTorch's operator quantized::conv2d with that engine: the
// distribution ships no header of it. Each call therefore contains PyTorch's dispatch and the
// allocation of its output (some microseconds). Activations are uint8 in all of it.
#include <ATen/ATen.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/native/quantized/PackedParams.h>

#include "peer.h"

namespace qnnp::bench {
namespace {

constexpr int64_t kBatch = 1;
using Packed = c10::intrusive_ptr<ConvPackedParamsBase<2>>;
using Prepack = Packed(at::Tensor, c10::optional<at::Tensor>, torch::List<int64_t>,
                       torch::List<int64_t>, torch::List<int64_t>, int64_t);
using Convolve = at::Tensor(at::Tensor, const Packed&, double, int64_t);

template <class Function>
auto find(const char* name, const char* overload) {
  return c10::Dispatcher::singleton().findSchemaOrThrow(name, overload).typed<Function>();
}

torch::List<int64_t> both(uint32_t value) {
  return torch::List<int64_t>({int64_t{value}, int64_t{value}});
}

// Sizes in its order, memory with the channels innermost.
at::Tensor tensor(std::initializer_list<int64_t> sizes, at::ScalarType type, double scale,
                  int64_t zero) {
  return at::_empty_affine_quantized(at::IntArrayRef(sizes.begin(), sizes.size()),
                                     at::device(at::kCPU).dtype(type), scale, zero,
                                     at::MemoryFormat::ChannelsLast);
}

struct Ready {
  c10::TypedOperatorHandle<Convolve> operation = find<Convolve>("quantized::conv2d", "new");
  at::Tensor input, output;
  Packed packed;
  double scale = 1;
  int64_t zero = 0;
  void run() { output = operation.call(input, packed, scale, zero); }
};

std::shared_ptr<Ready> make_ready(const PeerLayer& l) {
  const Layer& c = l.layer;
  const qnnp_convolution2d_desc& d = l.desc;
  const auto n = [](size_t value) { return static_cast<int64_t>(value); };
  auto r = std::make_shared<Ready>();
  r->input = tensor({kBatch, n(c.inputs), n(c.size), n(c.size)}, at::kQUInt8, d.input_scale,
                    d.input_zero_point);
  memcpy(r->input.data_ptr(), l.input, c.size * c.size * c.inputs);
  at::Tensor weights = tensor({n(c.outputs), n(c.inputs / c.groups), c.kernel, c.kernel},
                              at::kQInt8, d.kernel_scale, d.kernel_zero_point - 128);
  const auto* kernel = static_cast<const uint8_t*>(d.kernel);
  auto* values = static_cast<uint8_t*>(weights.data_ptr());
  for (size_t i = 0; i < c.outputs * c.taps(); i++) values[i] = kernel[i] ^ 0x80;
  at::Tensor bias = at::empty({n(c.outputs)}, at::kFloat);
  for (size_t i = 0; i < c.outputs; i++) {
    bias.data_ptr<float>()[i] = static_cast<float>(d.bias[i]) * d.input_scale * d.kernel_scale;
  }
  r->packed = find<Prepack>("quantized::conv2d_prepack", "")
                  .call(weights, bias, both(c.stride), both(d.input_padding_top), both(1),
                        int64_t{c.groups});
  r->scale = d.output_scale;
  r->zero = d.output_zero_point;
  r->run();
  return r;
}

Contestant make(const PeerLayer& l) {
  try {
    at::globalContext().setQEngine(at::QEngine::QNNPACK);
    at::set_num_threads(1);
    auto r = make_ready(l);
    const size_t outputs = l.outputs();
    return {[r] { r->run(); },
            [r, outputs] {
              const auto* bytes = static_cast<const uint8_t*>(r->output.data_ptr());
              return Bytes(bytes, bytes + outputs);
            },
            ""};
  } catch (const c10::Error& error) {
    return {{}, {}, error.what_without_backtrace()};
  }
}

}  // namespace

std::vector<Peer> pytorch_peers() {
  return {{"PyTorch-QNNPACK/uint8", Types::uint8, kKernelZeroPoint, true, true, make,
           pytorch_operator}};
}

}  // namespace qnnp::bench
