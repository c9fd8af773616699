// SPDX-License-Identifier: BSD-3-Clause
// What a tile kernel costs: the model by which operators choose among the rows of an instruction
// set. One row of output against one block of nr columns takes
//   steps * step + fixed        steps: runs * ceil(length / bytes per step)
// when tiles are full; of a last block, what is computed of it counts. The figures are in
// costs.inc; tools/fit_tile_costs.py fits them to measured times.
#pragma once

#include "q8gemm/pack.h"

namespace qnnp {

struct TileCost {
  const char* kernel;  // "6x16__avx2"
  float step, fixed;   // units that rows of one instruction set share
};

Span<const TileCost> tile_costs();

// Of one row of output against all columns of `shape`; every kernel has its figures (table_test).
float row_cost(const char* kernel, const PackShape& shape);

}  // namespace qnnp
