// SPDX-License-Identifier: BSD-3-Clause
#include "q8gemm/pack.h"

namespace qnnp {
namespace {

// Where code number `depth` (below step) of `slot` stands in a step's weights.
size_t position(const TileFormat& format, size_t slot, size_t depth) {
  switch (format.order) {
    case SlotOrder::depth_outer:
      return depth * format.nr + slot;
    case SlotOrder::pairs_outer:
      return (depth / 2 * format.nr + slot) * 2 + depth % 2;
    case SlotOrder::natural:
    case SlotOrder::pairs:
      break;
  }
  return slot * format.step + depth;
}

void put_code(const TileFormat& format, uint8_t* step, size_t index, uint8_t w, uint8_t zero) {
  switch (format.code) {
    case WeightCode::s16: {
      const int16_t code = static_cast<int16_t>(w - zero);
      memcpy(step + 2 * index, &code, 2);
      break;
    }
    case WeightCode::s8:
      step[index] = w ^ 0x80;
      break;
    case WeightCode::u8:
      step[index] = w;
      break;
  }
}

// One run of one column, from weight number `first`. Where a last, partial step is loaded from
// length - step, codes that an earlier step has already stay zero.
void pack_run(const PackShape& shape, const WeightSource& source, const uint8_t* column,
              size_t first, size_t slot, uint8_t* out) {
  const TileFormat& format = shape.format;
  const size_t step_bytes = size_t{format.nr} * format.step * code_bytes(format.code);
  for (size_t done = 0; done < shape.length; done += format.step, out += step_bytes) {
    const size_t end = min(done + format.step, shape.length);
    const bool overlaps = end >= format.step && !format.copies_rows();
    const size_t begin = overlaps ? end - format.step : done;
    for (size_t k = done; k < end; k++) {
      put_code(format, out, position(format, slot, k - begin), source.code(column, first + k),
               source.kernel_zero_point);
    }
  }
}

// May wrap, like the kernels' sums.
int32_t run_sum(const PackShape& shape, const WeightSource& source, const uint8_t* column,
                size_t run) {
  const int32_t zero = shape.format.code == WeightCode::s16  ? source.kernel_zero_point
                       : shape.format.code == WeightCode::s8 ? 128
                                                             : 0;
  int64_t sum = 0;
  for (size_t k = 0; k < shape.length; k++) {
    sum += int32_t{source.code(column, run * shape.length + k)} - zero;
  }
  return static_cast<int32_t>(static_cast<uint32_t>(source.input_zero_point * sum));
}

// What a column's sum lacks where rows are a - 128 or minus (127 - a). May wrap.
uint32_t row_code_offset(const PackShape& shape, const WeightSource& source,
                         const uint8_t* column) {
  if (shape.format.rows == RowCode::direct) return 0;
  const bool alternating = shape.format.rows == RowCode::alternating;
  int64_t sum = 0;
  for (size_t run = 0; run < shape.runs; run++) {
    for (size_t k = 0; k < shape.length; k++) {
      const int32_t w = int32_t{source.code(column, run * shape.length + k)} - 128;
      sum += w * (alternating && k % 4 >= 2 ? 127 : 128);
    }
  }
  return static_cast<uint32_t>(sum);
}

}  // namespace

CheckedSize PackShape::block_bytes() const {
  const size_t nr = format.nr;
  const CheckedSize steps = CheckedSize(runs) * ceil_div(length, format.step);
  const CheckedSize weights = steps * (nr * format.step * code_bytes(format.code));
  const CheckedSize sums = CheckedSize(has_run_sums() ? runs : 0) * (4 * nr);
  return (weights + sums + CheckedSize(8 * nr)).rounded_up(kAlignment);
}

Status fold_bias(const WeightSource& source, const uint8_t* weights, size_t count, size_t column,
                 int32_t* folded) {
  const int64_t bias = source.bias == nullptr ? 0 : source.bias[column];
  const uint8_t input_zero_point = source.input_zero_point;
  int64_t sum = 0, magnitude = 0;
  for (size_t k = 0; k < count; k++) {
    const int32_t w = int32_t{source.code(weights, k)} - source.kernel_zero_point;
    sum += w;
    magnitude += w < 0 ? -w : w;
  }
  const int64_t largest = max<int64_t>(input_zero_point, 255 - input_zero_point);
  const int64_t bound = (bias < 0 ? -bias : bias) + magnitude * largest;
  if (bound > INT32_MAX) {
    return fail(qnnp_status_unsupported_parameter,
                "output channel %zu could reach an accumulator of %lld: "
                "|bias| + sum |kernel - kernel_zero_point| * max(input_zero_point, 255 - "
                "input_zero_point) must be at most 2147483647",
                source.first_channel + column, static_cast<long long>(bound));
  }
  // May wrap; the kernels' sums wrap back.
  *folded = static_cast<int32_t>(static_cast<uint32_t>(bias - int64_t{input_zero_point} * sum));
  return qnnp_status_success;
}

Status pack_weights(const PackShape& shape, const WeightSource& source, uint8_t* packed) {
  const TileFormat& format = shape.format;
  const size_t block_bytes = shape.block_bytes().value();
  const size_t depth = shape.runs * shape.length;
  const size_t run_bytes =
      ceil_div(shape.length, format.step) * format.nr * format.step * code_bytes(format.code);
  memset(packed, 0, block_bytes * shape.blocks());
  for (size_t block = 0; block < shape.blocks(); block++, packed += block_bytes) {
    const size_t first = block * format.nr;
    int32_t* bias = reinterpret_cast<int32_t*>(packed);
    float* scale = reinterpret_cast<float*>(bias + format.nr);
    uint8_t* weights = reinterpret_cast<uint8_t*>(scale + format.nr);
    int32_t* run_sums = reinterpret_cast<int32_t*>(weights + shape.runs * run_bytes);
    for (size_t slot = 0; slot < format.nr; slot++) {
      const size_t n = first + slot;
      if (n >= shape.columns) break;
      const uint8_t* kernel = source.column(n, depth);
      QNNP_TRY(fold_bias(source, kernel, depth, n, &bias[slot]));
      bias[slot] = static_cast<int32_t>(static_cast<uint32_t>(bias[slot]) +
                                        row_code_offset(shape, source, kernel));
      scale[slot] = source.scales[n];
      for (size_t run = 0; run < shape.runs; run++) {
        pack_run(shape, source, kernel, run * shape.length, slot, weights + run * run_bytes);
        if (!shape.has_run_sums()) continue;
        run_sums[run * format.nr + slot] = run_sum(shape, source, kernel, run);
      }
    }
  }
  return qnnp_status_success;
}

}  // namespace qnnp
