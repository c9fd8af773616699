// SPDX-License-Identifier: BSD-3-Clause
#include "operators/gemm.h"

#include "operators/grid.h"

namespace qnnp {

Status GemmPlan::prepare(const WeightProblem& problem, bool few_rows) {
  kernel = choose_tile(q8gemm_kernels(), problem.group_output_channels, 1, problem.depth, reason,
                       few_rows);
  snprintf(name, sizeof(name), "q8gemm %s", kernel->name);
  output = problem.output_params();
  flip = problem.input_flip != 0;
  groups = problem.groups;
  k = problem.depth;
  return weights.pack(problem, {kernel->format, problem.group_output_channels, 1, k});
}

void GemmPlan::run(size_t rows, const uint8_t* a, size_t a_stride, uint8_t* c, size_t c_stride,
                   pthreadpool_t pool) const {
  const size_t n = weights.shape.columns, c_bytes = element_bytes(output.kind);
  const size_t row_bytes = c_stride * c_bytes;
  const Grid grid = make_grid(groups, rows, weights.shape.blocks(), kernel->format.mr,
                              kernel->format.nr * k, thread_count(pool));
  parallel_for(pool, grid.tasks(), [&](size_t index) {
    const Grid::Task t = grid.task(index);
    grid.for_each_call(t, [&](size_t row, size_t count) {
      uint8_t* to = c + row * row_bytes + t.job * n * c_bytes;
      kernel->run({weights.panel(output, t.job, t.block, t.blocks, to, row_bytes), count,
                   a + row * a_stride + t.job * k, a_stride, k},
                  flip);
    });
  });
}

}  // namespace qnnp
