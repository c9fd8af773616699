// SPDX-License-Identifier: BSD-3-Clause
#include "operators/move.h"

#include "operators/copy_run.h"
#include "operators/cut.h"
#include "operators/select.h"

namespace qnnp {
namespace {
constexpr size_t kLongRun = 64;  // bytes
}

void Move::add(size_t extent, size_t from, size_t to) {
  if (extent == 1) return;
  int i = count_++;
  for (; i > 0 && axes_[i - 1].to < to; i--) axes_[i] = axes_[i - 1];
  axes_[i] = {extent, from, to};
}

// Axes that stay neighbours become one.
void Move::merge() {
  int last = 0;
  for (int i = 1; i < count_; i++) {
    Axis& outer = axes_[last];
    const Axis inner = axes_[i];
    if (outer.from == inner.extent * inner.from && outer.to == inner.extent * inner.to) {
      outer = {outer.extent * inner.extent, inner.from, inner.to};
    } else {
      axes_[++last] = inner;
    }
  }
  count_ = min(count_, last + 1);
}

Axis Move::take(int i) {
  const Axis axis = axes_[i];
  count_--;
  for (; i < count_; i++) axes_[i] = axes_[i + 1];
  return axis;
}

void Move::finish() {
  merge();
  const int last = count_ - 1;
  if (count_ > 0 && axes_[last].to == 1) {
    if (axes_[last].from == 1) {
      columns_ = take(last);
    } else {
      int i = 0;
      while (i < count_ && axes_[i].from != 1) i++;
      transposed_ = i < count_;
      if (transposed_) columns_ = take(i);
    }
  }
  if (count_ > 0) {
    // Short runs make jobs of as many as there are, long ones are written one after the other.
    int i = count_ - 1;
    for (int j = i; !transposed_ && columns_.extent < kLongRun && j >= 0; j--) {
      if (axes_[j].extent > axes_[i].extent) i = j;
    }
    rows_ = take(i);
  }
  for (int i = 0; i < count_; i++) outer_ *= axes_[i].extent;
}

void Move::job(const uint8_t* input, uint8_t* output, size_t rows, size_t columns) const {
  if (transposed_) {
    kernel_->run({rows, columns, input, rows_.from, output, columns_.to});
    return;
  }
  const Axis row = rows_;
  for (size_t i = 0; i < rows; i++) copy_run(input + i * row.from, output + i * row.to, columns);
}

void Move::run(const uint8_t* input, uint8_t* output, pthreadpool_t pool) const {
  constexpr size_t kUnit = 64;  // a cache line
  // Jobs are cut along their longer side.
  const bool by_columns = columns_.extent > rows_.extent;
  const Axis side = by_columns ? columns_ : rows_;
  const size_t other = by_columns ? rows_.extent : columns_.extent;
  const Cut cut = make_cut(outer_, side.extent, other, kUnit, thread_count(pool));
  for_each_task(pool, cut, outer_, side.extent,
                [&](size_t first, size_t jobs, size_t begin, size_t part) {
                  for (size_t i = first; i < first + jobs; i++) {
                    size_t from = begin * side.from, to = begin * side.to, index = i;
                    for (int k = count_ - 1; k >= 0; k--) {
                      from += index % axes_[k].extent * axes_[k].from;
                      to += index % axes_[k].extent * axes_[k].to;
                      index /= axes_[k].extent;
                    }
                    job(input + from, output + to, by_columns ? rows_.extent : part,
                        by_columns ? part : columns_.extent);
                  }
                });
}

MoveOperator::MoveOperator(OperatorType operator_type, const TransposeKernel* chosen)
    : Operator(operator_type), kernel(chosen), move(chosen) {
  name_kernel(kernel_name, chosen == nullptr ? "memcpy" : "x8transpose",
              chosen == nullptr ? "of runs" : chosen->name);
}

void MoveOperator::describe(qnnp_operator_info* info) const {
  info->kernel = kernel_name;
  info->reason = kBestIsa;
  if (state == State::bound) info->input_bytes = info->output_bytes = move.bytes();
}

void MoveOperator::bind(const Move& to_do, const void* from, void* to) {
  move = to_do;
  input = static_cast<const uint8_t*>(from);
  output = static_cast<uint8_t*>(to);
  state = State::bound;
}

}  // namespace qnnp
