// SPDX-License-Identifier: BSD-3-Clause
// Output size of one dimension of a sliding window.
#pragma once

#include "operators/operator.h"

namespace qnnp {

struct SlidingWindow {
  size_t input;
  uint32_t before, after;  // padding
  uint32_t size, dilation, stride;

  CheckedSize padded() const { return CheckedSize(input) + before + after; }
  // A single tap reaches one pixel, whatever its dilation.
  CheckedSize reach() const {
    return size == 1 ? CheckedSize(1) : CheckedSize(size - 1) * dilation + 1;
  }
};

// floor((padded - reach) / stride) + 1, or invalid when the window (parameter `name`) is larger
// than the padded input. A padded input that cannot be addressed gives an output of SIZE_MAX, which
// check_extent refuses.
inline Status output_size(const SlidingWindow& window, const char* name, size_t* output) {
  const CheckedSize padded = window.padded(), reach = window.reach();
  *output = SIZE_MAX;
  if (!padded.valid()) return qnnp_status_success;
  if (!reach.valid() || reach.value() > padded.value()) {
    return fail(qnnp_status_invalid_parameter,
                "%s is %u: with dilation %u it must not be larger than the padded input, which is "
                "%zu",
                name, window.size, window.dilation, padded.value());
  }
  *output = (padded.value() - reach.value()) / window.stride + 1;
  return qnnp_status_success;
}

}  // namespace qnnp
