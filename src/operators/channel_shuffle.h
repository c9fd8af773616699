// SPDX-License-Identifier: BSD-3-Clause
// Channels [groups][group_channels] -> [group_channels][groups], NC.
#pragma once

#include "operators/operator.h"

namespace qnnp {

struct ChannelShuffleDesc {
  size_t groups, group_channels;
  uint32_t flags;
};

Status create_channel_shuffle(const ChannelShuffleDesc& desc, Operator** out);
Status setup_channel_shuffle(Operator* op, size_t batch_size, const uint8_t* input,
                             size_t input_stride, uint8_t* output, size_t output_stride);

}  // namespace qnnp
