// SPDX-License-Identifier: BSD-3-Clause
// Dynamic quantization (doc/quantization.md): float32 data is quantized per image to the range of
// its values before a run, and the accumulators become float32 behind it, in place. Above:
// convolution and fully connected, whose kernels see uint8 with zero point 0 and give int32.
#pragma once

#include "f32quantize/f32quantize.h"
#include "operators/weights.h"

namespace qnnp {

// A uint8 quantization: the page's formulas.
struct Quantization {
  float scale;
  int32_t zero_point;
};
// Of dense, finite values.
Quantization choose_quantization(const float* x, size_t n);

// What is known of the weights: per output channel their scale, their sum, the float bias.
struct DynamicWeights : Shareable {
  size_t channels = 0;
  Buffer data;

  Status prepare(const WeightProblem& problem);
  const float* scales() const { return reinterpret_cast<const float*>(data.data()); }
  const float* bias() const { return scales() + channels; }
  const int32_t* sums() const { return reinterpret_cast<const int32_t*>(scales() + 2 * channels); }
};

struct DynamicShape {
  size_t images, pixels, channels;  // of the input; a row of a fully connected operator is an image
  size_t output_pixels;
  size_t padding_bytes;  // zero points wanted per image

  bool operator==(const DynamicShape& other) const {
    return images == other.images && pixels == other.pixels && channels == other.channels &&
           output_pixels == other.output_pixels && padding_bytes == other.padding_bytes;
  }
};

// Memory and results of one binding.
struct DynamicWork : Allocated {
  // Work of this shape instead of *work, which stays as it was where the shape is the same or
  // memory lacks.
  static Status renew(DynamicWork** work, const DynamicShape& shape);
  // All images -> dense bytes, their scales and zero points.
  void quantize(const float* input, size_t stride, pthreadpool_t pool);
  // Accumulators [images * output_pixels][channels of weights] -> float32, in place.
  void finish(const DynamicWeights& weights, float* output, size_t stride,
              pthreadpool_t pool) const;

  uint8_t* bytes() { return data.data() + bytes_offset; }
  const uint8_t* padding() const { return data.data() + padding_offset; }

  Status resize(const DynamicShape& shape);

  DynamicShape shape = {};
  const QuantizeKernel* kernel = nullptr;
  Buffer data;
  size_t chunk = 0, chunks = 0;  // pixels per task, tasks per image
  size_t padding_offset = 0, bytes_offset = 0;
};

}  // namespace qnnp
