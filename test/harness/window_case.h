// SPDX-License-Identifier: BSD-3-Clause
// Random rows of pooling windows for kernel tests, and the taps of a window one by one.
#pragma once

#include "harness/guarded_buffer.h"
#include "harness/random.h"
#include "q8avgpool/window.h"

namespace qnnp {
namespace test {

// `rows` input rows that a row of windows shares with the image.
struct RowCase {
  size_t rows, width, pooling_height, pooling_width, stride, dilation, left, right, channels;

  size_t reach() const { return (pooling_width - 1) * dilation + 1; }
  size_t outputs() const { return (left + width + right - reach()) / stride + 1; }
  WindowRow windows(const GuardedRows& input, size_t first, size_t count, GuardedRows* out) const {
    return {input.data(),  rows,     width,       input.stride(), width * input.stride(),
            pooling_width, stride,   dilation,    left,           first,
            count,         channels, out->data(), out->stride()};
  }
  // visit(pixel) for the pixels of input that the window of an output column has.
  template <class Visit>
  void for_each_tap(size_t column, Visit visit) const {
    for (size_t y = 0; y < rows; y++) {
      for (size_t tap = 0; tap < pooling_width; tap++) {
        const int64_t x =
            static_cast<int64_t>(column * stride + tap * dilation) - static_cast<int64_t>(left);
        if (x >= 0 && x < static_cast<int64_t>(width)) visit(y * width + static_cast<size_t>(x));
      }
    }
  }
};

inline RowCase draw_row(size_t channels, Random& random) {
  RowCase c;
  c.channels = channels;
  c.pooling_height = random.size(1, 4);
  c.rows = random.size(0, c.pooling_height);
  c.pooling_width = random.size(1, 5);
  c.stride = random.size(1, 4);
  c.dilation = random.coin() ? 1 : random.size(1, 4);
  c.width = random.size(1, 9);
  c.left = random.size(0, 6);
  c.right = random.size(0, 6);
  if (c.left + c.width + c.right < c.reach()) c.right = c.reach();
  return c;
}

}  // namespace test
}  // namespace qnnp
