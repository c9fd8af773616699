// SPDX-License-Identifier: BSD-3-Clause
#include "q8dwconv/pack.h"

namespace qnnp {
namespace {

size_t channel_of(const DwconvShape& shape, size_t block, size_t slot) {
  const DwconvSpan span = shape.layout()[block];
  const size_t width = shape.format.block / static_cast<size_t>(span.segments);
  return span.first + channel_of_slot(shape.format.lanes, slot) % width;
}

void put_code(const DwconvFormat& format, uint8_t* at, size_t index, int32_t code) {
  if (format.code == WeightCode::s16) {
    const int16_t wide = static_cast<int16_t>(code);
    memcpy(at + 2 * index, &wide, 2);
  } else {
    at[index] = static_cast<uint8_t>(code);
  }
}

// What DwconvFormat::masks is about, for one block.
void put_masks(const DwconvShape& shape, const WeightSource& source, size_t block,
               uint32_t* masks) {
  const DwconvFormat& format = shape.format;
  const size_t taps = shape.kernel_height * shape.kernel_width;
  const uint32_t bits = source.kernel_zero_point == 0 ? 0x10001 : 1;
  for (size_t slot = 0; format.masks != 0 && slot < format.block; slot++) {
    const size_t channel = channel_of(shape, block, slot);
    if (channel >= shape.channels) continue;
    for (size_t tap = 0; tap < taps; tap++) {
      const int32_t w = source.code(source.kernel + channel * taps, tap);
      const int32_t code = w - source.kernel_zero_point;
      if (code >= -128 && code <= 127) continue;
      masks[slot / (format.block / format.masks)] |= bits << tap % shape.kernel_width;
    }
  }
}

// Keeps products below 2^31 and every byte as it is (doc/quantization.md, "Convolution, fully
// connected").
void bound_product(const WeightSource& source, size_t channel, int32_t* folded, float* scale) {
  if (*scale < 1) return;
  const int32_t most = 1 << 22, bias = source.bias == nullptr ? 0 : source.bias[channel];
  const int32_t bounded = min(max(bias, -most), most);
  // May wrap, as in fold_bias().
  *folded = static_cast<int32_t>(static_cast<uint32_t>(*folded) + static_cast<uint32_t>(bounded) -
                                 static_cast<uint32_t>(bias));
  *scale = min(*scale, 256.0f);
}

}  // namespace

CheckedSize DwconvShape::weight_bytes() const {
  const CheckedSize groups = CheckedSize(kernel_width) * column_groups() * size_t{format.rows};
  return groups * (size_t{format.block} * format.group * code_bytes(format.code));
}

CheckedSize DwconvShape::block_bytes() const {
  const size_t others = 8 * size_t{format.block} + sizeof(uint32_t) * format.masks;
  return (weight_bytes() + CheckedSize(others)).rounded_up(kAlignment);
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
    uint32_t* masks = reinterpret_cast<uint32_t*>(weights + shape.weight_bytes().value());
    put_masks(shape, source, block, masks);
    for (size_t slot = 0; slot < format.block; slot++) {
      const size_t channel = channel_of(shape, block, slot);
      if (channel >= shape.channels) continue;
      const uint8_t* kernel = source.kernel + channel * taps;
      QNNP_TRY(fold_bias(source, kernel, taps, channel, &bias[slot]));
      scale[slot] = source.scales[channel];
      if (format.bounded && shape.kind == OutputKind::bytes) {
        bound_product(source, channel, &bias[slot], &scale[slot]);
      }
      for (size_t tap = 0; tap < taps; tap++) {
        const size_t kx = tap % shape.kernel_width;
        const bool corrected =
            format.code == WeightCode::s8 &&
            (format.masks == 0 || masks[slot / (format.block / format.masks)] >> kx & 1);
        const int32_t code = int32_t{source.code(kernel, tap)} -
                             (corrected ? 128 : int32_t{source.kernel_zero_point});
        for (size_t row = 0; row < format.rows; row++) {
          const size_t column = row * shape.kernel_width + kx;
          const size_t down = format.down * row + tap / shape.kernel_width;
          put_code(format, weights + (column * column_groups + down / format.group) * group_bytes,
                   slot * format.group + down % format.group, code);
        }
      }
    }
  }
  return qnnp_status_success;
}

}  // namespace qnnp
