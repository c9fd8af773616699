// SPDX-License-Identifier: BSD-3-Clause
// What convolution and fully connected have in common: kernel choice, multipliers per output
// channel, packed weights of all groups.
#pragma once

#include <cstdio>

#include "operators/operator.h"
#include "q8gemm/pack.h"
#include "q8gemm/q8gemm.h"

namespace qnnp {

// Quantization and weights as the description structs have them.
struct WeightProblem {
  size_t groups, group_output_channels, depth;  // depth: weights per output channel
  float input_scale, output_scale, kernel_scale;
  const float* kernel_scales;
  const uint8_t* kernel;
  const int32_t* bias;
  uint8_t input_zero_point, kernel_zero_point, output_zero_point, output_min, output_max;

  size_t channels() const { return groups * group_output_channels; }
};

// What is invalid: the scales (input, kernel, output in this order), the output range, flags, the
// kernel pointer. Sizes are not looked at.
Status check_quantization(const WeightProblem& problem, uint32_t flags);
// Products of sizes that cannot be addressed are unsupported; then the scales of every channel,
// which could not be read before.
Status check_weight_sizes(const WeightProblem& problem);
// float(double(input_scale) * kernel_scale / output_scale) of every output channel; unsupported
// when one is not a positive normal float.
Status compute_multipliers(const WeightProblem& problem, Buffer* multipliers);

struct PackedWeights {
  PackShape shape;
  size_t block_bytes = 0, group_bytes = 0;
  int32_t row_sum_factor = 0;
  Buffer data;

  // All groups, one after another. `shape` has the kernel's format and the runs of a row.
  Status pack(const WeightProblem& problem, const PackShape& pack_shape);
  // Part of a job for kernels: columns [block * nr, (block + blocks) * nr) of a group, output at c.
  Panel panel(const OutputParams& output, size_t group, size_t block, size_t blocks, uint8_t* c,
              size_t c_stride) const;
};

// The kernel with the least cost among the strongest enabled instruction set's rows: blocks * (nr +
// 7) for n columns. The constant is what a tile costs besides its columns (loads of rows,
// epilogue), fitted to rows of 8 and 16 columns on Zen 3.
template <class Kernel>
const Kernel* choose_tile(Span<const Kernel* const> kernels, size_t columns, char (&reason)[96]) {
  const auto cost = [columns](const Kernel* k) {
    return ceil_div(columns, k->format.nr) * (size_t{k->format.nr} + 7);
  };
  const Kernel* best = nullptr;
  for (const Kernel* kernel : kernels) {
    if (!isa_enabled(kernel->isa)) continue;
    if (best == nullptr || kernel->isa > best->isa ||
        (kernel->isa == best->isa && cost(kernel) < cost(best))) {
      best = kernel;
    }
  }
  snprintf(reason, sizeof(reason), "%s, least cost for %zu columns (%zu blocks of %u)",
           isa_name(best->isa), columns, ceil_div(columns, best->format.nr), best->format.nr);
  return best;
}

}  // namespace qnnp
