// SPDX-License-Identifier: BSD-3-Clause
// The binding of operators from one NC tensor to another of the same shape.
#pragma once

#include "operators/operator.h"

namespace qnnp {

struct NcBinding {
  size_t batch_size = 0;
  const uint8_t* input = nullptr;
  size_t input_stride = 0;
  uint8_t* output = nullptr;
  size_t output_stride = 0;

  // Stays as it was when a check fails.
  [[nodiscard]] Status bind(size_t batch, size_t channels, const uint8_t* from, size_t from_stride,
                            uint8_t* to, size_t to_stride) {
    QNNP_TRY(check_layout(from, channels, from_stride, "input"));
    QNNP_TRY(check_layout(to, channels, to_stride, "output"));
    QNNP_TRY(check_extent(batch, from_stride, "input"));
    QNNP_TRY(check_extent(batch, to_stride, "output"));
    *this = {batch, from, from_stride, to, to_stride};
    return qnnp_status_success;
  }
  void describe(size_t channels, qnnp_operator_info* info) const {
    info->input_bytes = info->output_bytes = uint64_t{batch_size} * channels;
  }
};

}  // namespace qnnp
