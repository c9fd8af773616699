// SPDX-License-Identifier: BSD-3-Clause
// How a job whose cost is the bytes it reads is cut into tasks: rows (pixels) first, columns
// (channels) only when rows alone are too few for the pool. The rule depends on shapes and thread
// count, never on timing; it cannot change a result.
#pragma once

#include "base/parallel.h"

namespace qnnp {

struct Cut {
  size_t row_step, row_tasks;
  size_t column_step, column_tasks;

  size_t tasks() const { return row_tasks * column_tasks; }
};

// rows x columns cells, each worth `bytes` of reading; columns are cut at multiples of `unit`.
// About 4 tasks per thread, so that a slow thread can be helped, and none below 16 KB, which take
// about a microsecond: more than it costs to hand out a task.
inline Cut make_cut(size_t rows, size_t columns, size_t bytes, size_t unit, size_t threads) {
  constexpr size_t kLeastBytes = 16384;
  Cut cut = {rows, 1, columns, 1};
  if (threads <= 1) return cut;
  const size_t wanted = 4 * threads;
  const size_t least_cells = ceil_div(kLeastBytes, bytes);
  cut.row_step = min(rows, max(ceil_div(rows, wanted), ceil_div(least_cells, columns)));
  cut.row_tasks = ceil_div(rows, cut.row_step);
  if (cut.row_tasks < wanted && columns > unit) {
    const size_t pieces = ceil_div(wanted, cut.row_tasks);
    const size_t step = max(ceil_div(columns, pieces), ceil_div(least_cells, cut.row_step));
    cut.column_step = step >= columns ? columns : round_up(step, unit);
    cut.column_tasks = ceil_div(columns, cut.column_step);
  }
  return cut;
}

// Rows of an elementwise operator: tensors without gaps are one long row.
struct NcShape {
  size_t rows, n;
};
inline NcShape nc_shape(size_t batch_size, size_t channels, bool dense) {
  if (dense || batch_size == 1) return {1, batch_size * channels};
  return {batch_size, channels};
}

// work(first_row, rows, first_column, columns) for all of them, on the pool.
template <class Work>
void for_each_task(pthreadpool_t pool, const Cut& cut, size_t rows, size_t columns,
                   const Work& work) {
  parallel_for(pool, cut.tasks(), [&](size_t task) {
    const size_t row = task / cut.column_tasks * cut.row_step;
    const size_t column = task % cut.column_tasks * cut.column_step;
    work(row, min(cut.row_step, rows - row), column, min(cut.column_step, columns - column));
  });
}

}  // namespace qnnp
