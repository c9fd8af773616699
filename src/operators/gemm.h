// SPDX-License-Identifier: BSD-3-Clause
// A GEMM with packed weights: fully connected, and convolutions that are one (1x1, no stride, no
// padding).
#pragma once

#include "operators/weights.h"

namespace qnnp {

struct GemmPlan : Shareable {
  const GemmKernel* kernel = nullptr;
  PackedWeights weights;
  OutputParams output;
  bool flip = false;  // rows are int8
  size_t groups = 1, k = 0;
  char name[48], reason[96];

  // few_rows: expected, although any number may come.
  Status prepare(const WeightProblem& problem, bool few_rows = false);
  // c[rows][groups * n] from a[rows][groups * k]; c_stride in elements.
  void run(size_t rows, const uint8_t* a, size_t a_stride, uint8_t* c, size_t c_stride,
           pthreadpool_t pool) const;
};

}  // namespace qnnp
