// SPDX-License-Identifier: BSD-3-Clause
#include "q8dwconv/pack.h"

namespace qnnp {
namespace {

void put_code(const DwconvFormat& format, uint8_t* at, size_t index, uint8_t w, uint8_t zero) {
  if (format.code == WeightCode::s16) {
    const int16_t code = static_cast<int16_t>(w - zero);
    memcpy(at + 2 * index, &code, 2);
  } else {
    at[index] = w ^ 0x80;
  }
}

}  // namespace

CheckedSize DwconvShape::block_bytes() const {
  const CheckedSize groups = CheckedSize(kernel_width) * ceil_div(kernel_height, format.group);
  const size_t group_bytes = size_t{format.block} * format.group * code_bytes(format.code);
  return (groups * group_bytes + CheckedSize(8 * size_t{format.block})).rounded_up(kAlignment);
}

Status pack_dwconv(const DwconvShape& shape, const WeightSource& source, uint8_t* packed) {
  const DwconvFormat& format = shape.format;
  const size_t taps = shape.kernel_height * shape.kernel_width;
  const size_t group_bytes = size_t{format.block} * format.group * code_bytes(format.code);
  const size_t column_groups = ceil_div(shape.kernel_height, format.group);
  const size_t block_bytes = shape.block_bytes().value();
  memset(packed, 0, block_bytes * shape.blocks());
  for (size_t block = 0; block < shape.blocks(); block++, packed += block_bytes) {
    int32_t* bias = reinterpret_cast<int32_t*>(packed);
    float* scale = reinterpret_cast<float*>(bias + format.block);
    uint8_t* weights = reinterpret_cast<uint8_t*>(scale + format.block);
    for (size_t slot = 0; slot < format.block; slot++) {
      const size_t channel = dwconv_block_start(block, format.block, shape.channels) +
                             channel_of_slot(format.lanes_of_16, slot);
      if (channel >= shape.channels) continue;
      const uint8_t* kernel = source.kernel + channel * taps;
      QNNP_TRY(fold_bias(source, kernel, taps, channel, &bias[slot]));
      scale[slot] = source.scales[channel];
      for (size_t ky = 0; ky < shape.kernel_height; ky++) {
        for (size_t kx = 0; kx < shape.kernel_width; kx++) {
          uint8_t* group = weights + (kx * column_groups + ky / format.group) * group_bytes;
          put_code(format, group, slot * format.group + ky % format.group,
                   source.code(kernel, ky * shape.kernel_width + kx), source.kernel_zero_point);
        }
      }
    }
  }
  return qnnp_status_success;
}

}  // namespace qnnp
