// SPDX-License-Identifier: BSD-3-Clause
// What convolution and fully connected have in common: kernel choice, multipliers per output
// channel, packed weights of all groups.
#pragma once

#include <cstdio>

#include "operators/operator.h"
#include "q8gemm/cost.h"
#include "q8gemm/q8gemm.h"

namespace qnnp {

// What an operator calls the parameters of its two operands.
struct WeightNames {
  const char *input_scale, *input_zero_point, *kernel_scale, *kernel_zero_point;
};
constexpr WeightNames kWeightNames = {"input_scale", "input_zero_point", "kernel_scale",
                                      "kernel_zero_point"};

// The fields that every description of an operator with weights has.
struct WeightFields {
  enum qnnp_datatype input_type, kernel_type, output_type;
  float input_scale, output_scale;
  const float* kernel_scales;
  float kernel_scale;
  const void* kernel;
  const int32_t* bias;
  const float* float_bias;
  int32_t input_zero_point, kernel_zero_point, output_zero_point, output_min, output_max;
  uint32_t flags;
  WeightNames names = kWeightNames;
};
template <class Desc>
WeightFields weight_fields(const Desc& d) {
  return {d.input_type,
          d.kernel_type,
          d.output_type,
          d.input_scale,
          d.output_scale,
          d.kernel_scales,
          d.kernel_scale,
          d.kernel,
          d.bias,
          d.float_bias,
          d.input_zero_point,
          d.kernel_zero_point,
          d.output_zero_point,
          d.output_min,
          d.output_max,
          d.flags};
}

// A positional function says everything; in a description, limits of 0 and 0 are the whole range.
enum class Form : uint8_t { positional, description };

// What the fields mean for kernels; zero points and limits are those of uint8.
struct WeightProblem {
  size_t groups, group_output_channels, depth;  // depth: weights per output channel
  float input_scale, output_scale, kernel_scale;
  const float* kernel_scales;
  const uint8_t* kernel;
  const int32_t* bias;
  const float* float_bias;
  uint8_t input_zero_point, kernel_zero_point, output_zero_point, output_min, output_max;
  uint8_t input_flip, kernel_flip, output_flip;  // 0x80 for int8
  OutputKind output_kind;                        // of the kernels
  bool dynamic;        // float32 input: kernels see uint8 with zero point 0 and give accumulators
  size_t scale_count;  // of kernel_scales, which repeat for further channels; 0: channels()
  WeightNames names;

  size_t channels() const { return groups * group_output_channels; }
  size_t scales() const { return scale_count == 0 ? channels() : scale_count; }
  OutputParams output_params() const {
    return qnnp::output_params(output_zero_point, output_min, output_max, output_flip, output_kind);
  }
};

// Everything of the problem but its sizes. Invalid: types, scales (input, kernel, output in this
// order), zero points, the output range, flags, the kernel pointer, a bias of the wrong kind.
Status read_weights(const WeightFields& fields, Form form, WeightProblem* problem);
// Products of sizes that cannot be addressed are unsupported; then the scales of every channel,
// which could not be read before.
Status check_weight_sizes(const WeightProblem& problem);
// What accumulators of every output channel are multiplied by: float(double(input_scale) *
// kernel_scale / output_scale), without the division for float32 outputs, 1 for int32; unsupported
// when it is not a positive normal float.
Status compute_multipliers(const WeightProblem& problem, Buffer* multipliers);

// What padding reads: `bytes` of the input zero point, as they stand in the image.
Status make_padding(const WeightProblem& problem, size_t bytes, Buffer* padding);

struct PackedWeights {
  PackShape shape;
  size_t block_bytes = 0, group_bytes = 0;
  int32_t row_sum_factor = 0;
  Buffer data;

  // All groups, one after another. `shape` has the kernel's format and the runs of a row.
  Status pack(const WeightProblem& problem, const PackShape& pack_shape);
  // Part of a job for kernels: columns [block * nr, (block + blocks) * nr) of a group, output at c.
  // (stride in bytes).
  Panel panel(const OutputParams& output, size_t group, size_t block, size_t blocks, uint8_t* c,
              size_t c_stride) const;
};

// Among the rows of the strongest enabled instruction set: those ordered for this machine's cores,
// if there are any (planned_core), and of these the one with the least estimated time
// (q8gemm/cost.h) for `columns` output channels of `runs` runs of `length` weights. few_rows: their
// stream of weights is what counts, narrow ones are faster.
template <class Kernel>
const Kernel* choose_tile(Span<const Kernel* const> kernels, size_t columns, size_t runs,
                          size_t length, char (&reason)[96], bool few_rows = false) {
  const auto cost = [=](const Kernel* k) {
    return row_cost(k->name, {k->format, columns, runs, length});
  };
  const auto rank = [=](const Kernel* k) {
    return few_rows ? cost(k) * static_cast<float>(code_bytes(k->format.code)) : cost(k);
  };
  const Kernel* best = nullptr;
  int rows = 0;
  for (const Kernel* kernel : kernels) {
    if (!isa_enabled(kernel->isa)) continue;
    if (kernel->core != Core::any && kernel->core != planned_core()) continue;
    const bool weaker =
        best != nullptr &&
        (kernel->isa < best->isa ||
         (kernel->isa == best->isa && kernel->core == Core::any && best->core != Core::any));
    if (weaker) continue;
    const bool equal = best != nullptr && kernel->isa == best->isa && kernel->core == best->core;
    rows = equal ? rows + 1 : 1;
    if (rows == 1 || rank(kernel) < rank(best)) best = kernel;
  }
  snprintf(reason, sizeof(reason), "%s%s, %s: %zu of %u columns, %zu deep, cost %.4g a row",
           isa_name(best->isa), best->core == Core::any ? "" : " in order",
           rows == 1 ? "its only tile" : "its cheapest tile", ceil_div(columns, best->format.nr),
           best->format.nr, runs * length, static_cast<double>(cost(best)));
  return best;
}

// What operators with tiles tell of their kernel; a tile of 0 x 0 is none.
inline void describe_tile(const char* kernel, const char* reason, const TileFormat& tile,
                          qnnp_operator_info* info) {
  info->kernel = kernel;
  info->reason = reason;
  info->tile_rows = tile.mr;
  info->tile_columns = tile.nr;
}

}  // namespace qnnp
