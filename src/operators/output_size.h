// SPDX-License-Identifier: BSD-3-Clause
// Output size of one dimension of a sliding window.
#pragma once

#include "operators/operator.h"

namespace qnnp {

struct SlidingWindow {
  size_t input;
  uint32_t before, after;  // padding
  uint32_t size, dilation, stride;
  bool round_up = false;  // a last window may begin inside the input and end beyond its padding

  CheckedSize padded() const { return CheckedSize(input) + before + after; }
  // A single tap reaches one pixel, whatever its dilation.
  CheckedSize reach() const {
    return size == 1 ? CheckedSize(1) : CheckedSize(size - 1) * dilation + 1;
  }
};

// A stride or dilation as kernels get it, whose offsets are signed: between `count` outputs or taps.
// Of a single one it has no effect, and may be larger than any offset.
inline ptrdiff_t distance_of(size_t count, uint32_t stride) {
  return count == 1 ? 1 : static_cast<ptrdiff_t>(stride);
}

// floor((padded - reach) / stride) + 1, or invalid when the window (parameter `name`) is larger
// than the padded input. Rounding up: ceil instead of floor, less a window that would begin behind
// the input. A padded input that cannot be addressed gives an output of SIZE_MAX, which
// check_extent refuses.
inline Status output_size(const SlidingWindow& window, const char* name, size_t* output) {
  const CheckedSize room = window.padded() + (window.round_up ? window.stride - 1 : 0);
  const CheckedSize reach = window.reach();
  *output = SIZE_MAX;
  if (!room.valid()) return qnnp_status_success;
  if (!reach.valid() || reach.value() > room.value()) {
    return fail(qnnp_status_invalid_parameter,
                "%s is %u: with dilation %u it must not be larger than the padded input%s, which "
                "is %zu",
                name, window.size, window.dilation,
                window.round_up ? " and, with ceil_mode, stride - 1" : "", room.value());
  }
  *output = (room.value() - reach.value()) / window.stride + 1;
  if (window.round_up && (*output - 1) * window.stride >= window.input + window.before) --*output;
  return qnnp_status_success;
}

}  // namespace qnnp
