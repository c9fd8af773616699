// SPDX-License-Identifier: BSD-3-Clause
// What averages share: the checks of their tensors, and how a sum of `area` values becomes a mean.
// Above: poolings. Below: q8avgpool/q8avgpool.h.
#pragma once

#include "operators/operator.h"
#include "operators/typed.h"
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

// mean or max, else invalid.
Status check_reduction(enum qnnp_reduction operation);

// The fields that the descriptions of poolings and reductions share -> for uint8. Checks operation,
// type, limits and, for a mean, zero points: a maximum has no use for them.
template <class Desc>
Status unsigned_mean(const Desc& desc, size_t channels, MeanDesc* out) {
  QNNP_TRY(check_reduction(desc.operation));
  QNNP_TRY(check_byte_type(desc.type, "type"));
  *out = {channels, 0, desc.input_scale, 0, desc.output_scale, 0, 255, desc.flags};
  out->flip = flip_of(desc.type);
  if (desc.operation == qnnp_reduction_mean) {
    QNNP_TRY(unsigned_zero_point(desc.input_zero_point, desc.type, "input_zero_point",
                                 &out->input_zero_point));
    QNNP_TRY(unsigned_zero_point(desc.output_zero_point, desc.type, "output_zero_point",
                                 &out->output_zero_point));
  }
  return unsigned_range(desc.output_min, desc.output_max, desc.type, "output", &out->output_min,
                        &out->output_max);
}

}  // namespace qnnp
