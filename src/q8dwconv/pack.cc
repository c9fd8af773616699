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
  const CheckedSize groups = CheckedSize(kernel_width) * column_groups() * size_t{format.rows};
  const size_t group_bytes = size_t{format.block} * format.group * code_bytes(format.code);
  return (groups * group_bytes + CheckedSize(8 * size_t{format.block})).rounded_up(kAlignment);
}

Status pack_dwconv(const DwconvShape& shape, const WeightSource& source, uint8_t* packed) {
  const DwconvFormat& format = shape.format;
  const size_t taps = shape.kernel_height * shape.kernel_width;
  const size_t group_bytes = size_t{format.block} * format.group * code_bytes(format.code);
  const size_t column_groups = shape.column_groups();
  const size_t block_bytes = shape.block_bytes().value();
  memset(packed, 0, block_bytes * shape.blocks());
  for (size_t block = 0; block < shape.blocks(); block++, packed += block_bytes) {
    int32_t* bias = reinterpret_cast<int32_t*>(packed);
    float* scale = reinterpret_cast<float*>(bias + format.block);
    uint8_t* weights = reinterpret_cast<uint8_t*>(scale + format.block);
    for (size_t slot = 0; slot < format.block; slot++) {
      const size_t channel = dwconv_block_start(block, format.block, shape.channels) +
                             channel_of_slot(format.lanes, slot);
      if (channel >= shape.channels) continue;
      const uint8_t* kernel = source.kernel + channel * taps;
      QNNP_TRY(fold_bias(source, kernel, taps, channel, &bias[slot]));
      scale[slot] = source.scales[channel];
      for (size_t tap = 0; tap < taps; tap++) {
        const uint8_t w = source.code(kernel, tap);
        for (size_t row = 0; row < format.rows; row++) {
          const size_t column = row * shape.kernel_width + tap % shape.kernel_width;
          const size_t down = row + tap / shape.kernel_width;
          put_code(format, weights + (column * column_groups + down / format.group) * group_bytes,
                   slot * format.group + down % format.group, w, source.kernel_zero_point);
        }
      }
    }
  }
  return qnnp_status_success;
}

}  // namespace qnnp
