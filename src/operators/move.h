// SPDX-License-Identifier: BSD-3-Clause
// Bytes of a tensor go to other places of another one:
//   output[sum of i_k * to_k] = input[sum of i_k * from_k]     for all i_k < extent_k
// Transposition, depth to space and copies say so in axes of their own; what is the same bytes side
// by side, or a matrix transposed, is found here. Above: the operators. Below: x8transpose.
#pragma once

#include "operators/operator.h"
#include "x8transpose/x8transpose.h"

namespace qnnp {

struct Axis {
  size_t extent, from, to;
};

class Move {
 public:
  static constexpr int kMost = 8;

  explicit Move(const TransposeKernel* kernel = nullptr) : kernel_(kernel) {}

  // At most kMost axes, extents at least 1, in any order; no two indices may share an output byte.
  // Then finish().
  void add(size_t extent, size_t from, size_t to);
  void finish();
  void run(const uint8_t* input, uint8_t* output, pthreadpool_t pool) const;
  size_t bytes() const { return outer_ * rows_.extent * columns_.extent; }

 private:
  void merge();
  Axis take(int i);
  void job(const uint8_t* input, uint8_t* output, size_t rows, size_t columns) const;

  const TransposeKernel* kernel_;
  Axis axes_[kMost];  // without the two of a job: the outermost of the output first
  int count_ = 0;
  size_t outer_ = 1;  // jobs
  // One job is a matrix: rows of contiguous bytes in both tensors, or, transposed, rows that are
  // contiguous in the output and columns that are so in the input.
  bool transposed_ = false;
  Axis rows_ = {1, 0, 0}, columns_ = {1, 1, 1};
};

// An operator that is a Move.
struct MoveOperator : Operator {
  MoveOperator(OperatorType operator_type, const TransposeKernel* chosen);

  void run(pthreadpool_t pool) const final { move.run(input, output, pool); }
  void describe(qnnp_operator_info* info) const final;
  void bind(const Move& to_do, const void* from, void* to);

  const TransposeKernel* const kernel;  // nullptr: copies runs only
  char kernel_name[32];
  Move move;
  const uint8_t* input = nullptr;
  uint8_t* output = nullptr;
};

}  // namespace qnnp
