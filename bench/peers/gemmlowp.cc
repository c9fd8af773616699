// SPDX-License-Identifier: BSD-3-Clause
// gemmlowp: uint8 with zero points, so GEMMs and the 1x1 layers of stride 1; its pipeline of bias,
// fixed-point multiplier and saturating cast makes the same output.
#include <public/gemmlowp.h>

#include <cmath>
#include <tuple>

#include "peer.h"

namespace qnnp::bench {
namespace {

struct Ready {
  gemmlowp::GemmContext context;
  Bytes input, kernel, output;
  std::vector<int32_t> bias;
  gemmlowp::OutputStageQuantizeDownInt32ByFixedPoint scale;
  int m, n, k, input_zero, kernel_zero;

  void run() {
    using gemmlowp::MapOrder;
    using Bias = gemmlowp::VectorMap<const int32_t, gemmlowp::VectorShape::Row>;
    const gemmlowp::MatrixMap<const uint8_t, MapOrder::RowMajor> lhs(input.data(), m, k);
    const gemmlowp::MatrixMap<const uint8_t, MapOrder::ColMajor> rhs(kernel.data(), k, n);
    gemmlowp::MatrixMap<uint8_t, MapOrder::RowMajor> result(output.data(), m, n);
    gemmlowp::OutputStageBiasAddition<Bias> add;
    add.bias_vector = Bias(bias.data(), n);
    const auto pipeline = std::make_tuple(add, scale, gemmlowp::OutputStageSaturatingCastToUint8());
    gemmlowp::GemmWithOutputPipeline<uint8_t, uint8_t, gemmlowp::DefaultL8R8BitDepthParams>(
        &context, lhs, rhs, &result, -input_zero, -kernel_zero, pipeline);
  }
};

Contestant make(const PeerLayer& l) {
  const Layer& c = l.layer;
  const qnnp_convolution2d_desc& d = l.desc;
  if (c.kernel != 1 || c.stride != 1 || c.groups != 1) return {{}, {}, "not a matrix product"};
  auto r = std::make_shared<Ready>();
  r->context.set_max_num_threads(1);
  r->m = static_cast<int>(l.pixels());
  r->n = static_cast<int>(c.outputs);
  r->k = static_cast<int>(c.inputs);
  r->input.assign(l.input, l.input + l.pixels() * c.inputs);
  const auto* kernel = static_cast<const uint8_t*>(d.kernel);
  r->kernel.assign(kernel, kernel + c.inputs * c.outputs);
  r->output.resize(l.outputs());
  r->bias.assign(d.bias, d.bias + c.outputs);
  r->input_zero = d.input_zero_point;
  r->kernel_zero = d.kernel_zero_point;
  // The multiplier is below 1: a fraction of 31 bits and a shift to the right.
  int exponent = 0;
  const double scale = double{d.input_scale} * d.kernel_scale / d.output_scale;
  const double fraction = std::frexp(scale, &exponent);
  r->scale.result_fixedpoint_multiplier =
      static_cast<int32_t>(std::lround(fraction * 2147483648.0));
  r->scale.result_shift = -exponent;
  r->scale.result_offset_after_shift = d.output_zero_point;
  return {[r] { r->run(); }, [r] { return r->output; }, ""};
}

}  // namespace

std::vector<Peer> gemmlowp_peers() {
  return {{"gemmlowp/uint8", Types::uint8, kKernelZeroPoint, false, true, make}};
}

}  // namespace qnnp::bench
