// SPDX-License-Identifier: BSD-3-Clause
#include "operators/channel_shuffle.h"

using namespace qnnp;

extern "C" {

enum qnnp_status qnnp_create_channel_shuffle_nc_x8(size_t groups, size_t group_channels,
                                                   uint32_t flags,
                                                   qnnp_operator_t* channel_shuffle_out) {
  QNNP_TRY(begin_create("qnnp_create_channel_shuffle_nc_x8", channel_shuffle_out,
                        "channel_shuffle_out"));
  return create_channel_shuffle({groups, group_channels, flags}, channel_shuffle_out);
}

enum qnnp_status qnnp_setup_channel_shuffle_nc_x8(qnnp_operator_t channel_shuffle,
                                                  size_t batch_size, const uint8_t* input,
                                                  size_t input_stride, uint8_t* output,
                                                  size_t output_stride) {
  return setup_channel_shuffle(channel_shuffle, batch_size, input, input_stride, output,
                               output_stride);
}

}  // extern "C"
