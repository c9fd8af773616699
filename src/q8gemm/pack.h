// SPDX-License-Identifier: BSD-3-Clause
// Weights -> the layout of a kernel. A pure function into the caller's memory; the result holds no
// pointers.
//
// A block of nr columns:  int32 bias[nr], float scale[nr], then for every run and every step of it
// nr * step weights, then, where there are several runs, int32 run_sums[runs][nr].
// bias = bias - a_zero * sum(w - w_zero), and what the rows' code asks for (RowCode); run_sums = a_zero * the sum of a run's codes, that is what
// a run of padding adds to an accumulator. Blocks start at multiples of kAlignment; columns past n
// are zero.
#pragma once

#include "base/checked.h"
#include "base/memory.h"
#include "isa/dot.h"

namespace qnnp {

// One group's weights: `columns` output channels, each `runs` contiguous runs of `length` bytes.
struct PackShape {
  TileFormat format;
  size_t columns, runs, length;

  size_t steps() const { return runs * ceil_div(length, format.step); }
  size_t blocks() const { return ceil_div(columns, format.nr); }
  // Columns that a row of output takes, with those that are computed for nothing.
  size_t computed() const {
    const size_t rest = columns % format.nr;
    return columns - rest + round_up(rest, format.least_columns());
  }
  bool has_run_sums() const { return runs > 1 && !format.copies_rows(); }
  CheckedSize block_bytes() const;
  CheckedSize bytes() const { return block_bytes() * blocks(); }
};

struct WeightSource {
  const uint8_t* kernel;  // [columns][runs * length]
  const int32_t* bias;    // or nullptr
  const float* scales;    // the multiplier of every column
  uint8_t input_zero_point, kernel_zero_point;
  size_t first_channel;     // number of column 0, for messages
  uint8_t kernel_flip = 0;  // 0x80: the codes are signed
  // Distances in the kernel; 0: as [columns][runs * length] is dense.
  size_t depth_stride = 0, column_stride = 0;

  // Weight number k of a column that begins at `weights`.
  QNNP_INLINE uint8_t code(const uint8_t* weights, size_t k) const {
    return weights[k * max<size_t>(depth_stride, 1)] ^ kernel_flip;
  }
  QNNP_INLINE const uint8_t* column(size_t number, size_t depth) const {
    return kernel + number * (column_stride == 0 ? depth : column_stride);
  }
};

// Fails, with unsupported_parameter, when a column's accumulator could leave int32.
[[nodiscard]] Status pack_weights(const PackShape& shape, const WeightSource& source,
                                  uint8_t* packed);

// The bias of a column with the input zero point folded in, or the failure above. `weights` are the
// column's codes as the source has them, `count` of them.
[[nodiscard]] Status fold_bias(const WeightSource& source, const uint8_t* weights, size_t count,
                               size_t column, int32_t* folded);

}  // namespace qnnp
