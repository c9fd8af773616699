// SPDX-License-Identifier: BSD-3-Clause
// What averages share: the checks of their tensors, and how a sum of `area` values becomes a mean.
// Above: poolings. Below: q8avgpool/q8avgpool.h.
#pragma once

#include "operators/operator.h"
#include "q8avgpool/q8avgpool.h"

namespace qnnp {

struct MeanDesc {
  size_t channels;
  uint8_t input_zero_point;
  float input_scale;
  uint8_t output_zero_point;
  float output_scale;
  uint8_t output_min, output_max;
  uint32_t flags;
  uint8_t flip = 0;  // of input and output
};

// channels, range, flags: what operators need that take no mean.
Status check_tensors(const MeanDesc& desc);
// channels, scales, range, flags, then the ratio of the scales.
Status check_mean(const MeanDesc& desc);

// A sum of `area` values stays in int32, or unsupported. `name` is what the area depends on.
Status check_sum(const MeanDesc& desc, uint64_t area, const char* name);

// For an area that passed check_sum.
Mean make_mean(const MeanDesc& desc, uint64_t area);

}  // namespace qnnp
