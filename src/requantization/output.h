// SPDX-License-Identifier: BSD-3-Clause
// The numeric contract of convolution, fully connected and average pooling (doc/quantization.md,
// "Requantization"):
//   out = clamp(round_half_even(float(acc) * scale) + zero_point, min, max)
// One conversion, one fp32 product, never a fused multiply-add; clamped before it becomes an
// integer. Every instruction set's implementation lives in its isa/ header and equals requantize()
// below bit for bit.
#pragma once

#include "base/common.h"

namespace qnnp {

// What leaves a kernel: requantized bytes, accumulators as they are, or float(acc) * scale.
enum class OutputKind : uint8_t { bytes, int32, float32 };

constexpr QNNP_INLINE size_t element_bytes(OutputKind kind) {
  return kind == OutputKind::bytes ? 1 : 4;
}

struct OutputParams {
  float low;   // output_min - output_zero_point
  float high;  // output_max - output_zero_point
  int32_t zero_point;
  uint8_t flip;  // XORed to every byte: 0x80 for int8
  OutputKind kind;
};

inline OutputParams output_params(uint8_t zero_point, uint8_t min, uint8_t max, uint8_t flip = 0,
                                  OutputKind kind = OutputKind::bytes) {
  return {static_cast<float>(int{min} - zero_point), static_cast<float>(int{max} - zero_point),
          zero_point, flip, kind};
}
// output_min, before the flip.
QNNP_INLINE uint8_t lowest_byte(const OutputParams& output) {
  return static_cast<uint8_t>(static_cast<int32_t>(output.low) + output.zero_point);
}
QNNP_INLINE uint8_t highest_byte(const OutputParams& output) {
  return static_cast<uint8_t>(static_cast<int32_t>(output.high) + output.zero_point);
}

}  // namespace qnnp
