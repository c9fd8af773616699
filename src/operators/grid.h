// SPDX-License-Identifier: BSD-3-Clause
// How a GEMM-like job is cut into tasks: rows first (a task's rows stay in the cache while it
// sweeps the columns), columns only when rows alone are too few for the pool. The rule depends on
// shapes and thread count, never on timing; it cannot change a result.
#pragma once

#include "q8gemm/q8gemm.h"

namespace qnnp {

struct Grid {
  size_t row_step, row_tasks;      // rows per task
  size_t block_step, block_tasks;  // column blocks (of nr) per task

  size_t tasks() const { return row_tasks * block_tasks; }
};

// `jobs` equal jobs (groups, images) of rows x blocks, each block of one row costing `macs`.
inline Grid make_grid(size_t jobs, size_t rows, size_t blocks, size_t mr, size_t macs,
                      size_t threads) {
  constexpr size_t kMinimumMacs =
      1 << 16;  // a few microseconds: far above the cost of handing out a task
  Grid grid;
  grid.row_step = kMaxRows / mr * mr;
  grid.block_step = blocks;
  if (threads > 1) {
    const size_t wanted = ceil_div(4 * threads, jobs);
    const size_t row_macs = max<size_t>(macs * blocks, 1);
    const size_t least_rows = round_up(min(ceil_div(kMinimumMacs, row_macs), kMaxRows), mr);
    grid.row_step = min(grid.row_step, max(round_up(ceil_div(rows, wanted), mr), least_rows));
    const size_t row_tasks = ceil_div(rows, grid.row_step);
    if (row_tasks < wanted) {
      const size_t task_rows = min(grid.row_step, rows);
      const size_t least_blocks = ceil_div(kMinimumMacs, max<size_t>(macs * task_rows, 1));
      grid.block_step =
          min(blocks, max(ceil_div(blocks, ceil_div(wanted, row_tasks)), least_blocks));
    }
  }
  grid.row_tasks = ceil_div(rows, grid.row_step);
  grid.block_tasks = ceil_div(blocks, grid.block_step);
  return grid;
}

}  // namespace qnnp
