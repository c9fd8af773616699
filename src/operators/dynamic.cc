// SPDX-License-Identifier: BSD-3-Clause
#include "operators/dynamic.h"

#include "operators/select.h"

namespace qnnp {
namespace {

// Range of a chunk of pixels first, then of the whole image, then its quantization.
struct Range {
  float low, high;
};

// Adding and subtracting 1.5 * 2^23 rounds to the nearest even integer; |x| is at most 255.
float round_half_even(float x) { return (x + 12582912.0f) - 12582912.0f; }

Range range_of(const float* x, size_t rows, size_t n, size_t stride) {
  Range range = {0, 0};
  for (size_t row = 0; row < rows; row++, x += stride) {
    for (size_t i = 0; i < n; i++) {
      range.low = x[i] < range.low ? x[i] : range.low;
      range.high = x[i] > range.high ? x[i] : range.high;
    }
  }
  return range;
}

Quantization quantization_of(Range range) {
  float scale = (range.high - range.low) / 255.0f;
  // The difference of large numbers may overflow where their scale does not.
  if (scale > 3.4028235e38f) scale = range.high / 255.0f - range.low / 255.0f;
  if (scale == 0.0f) return {1.0f, 0};
  const float zero_point = -range.low / scale;
  return {scale, static_cast<int32_t>(round_half_even(zero_point < 255.0f ? zero_point : 255.0f))};
}

void finish_pixel(const Quantization& q, const DynamicWeights& weights, float* output) {
  // Copies: the compiler must take it that a store changes what references lead to.
  const float scale = q.scale;
  const int32_t zero_point = q.zero_point;
  const size_t channels = weights.channels;
  const float* const scales = weights.scales();
  const float* const bias = weights.bias();
  const int32_t* const sums = weights.sums();
  for (size_t c = 0; c < channels; c++) {
    int32_t acc;
    memcpy(&acc, output + c, sizeof(acc));
    acc -= zero_point * sums[c];
    output[c] = static_cast<float>(acc) * (scale * scales[c]) + bias[c];
  }
}

}  // namespace

Quantization choose_quantization(const float* x, size_t n) {
  return quantization_of(range_of(x, 1, n, n));
}

Status DynamicWeights::prepare(const WeightProblem& p) {
  channels = p.channels();
  QNNP_TRY(data.resize(3 * sizeof(float) * channels, "dynamic quantization"));
  float* scale = reinterpret_cast<float*>(data.data());
  int32_t* sum = reinterpret_cast<int32_t*>(scale + 2 * channels);
  for (size_t c = 0; c < channels; c++) {
    scale[c] = p.kernel_scales == nullptr ? p.kernel_scale : p.kernel_scales[c];
    scale[channels + c] = p.float_bias == nullptr ? 0.0f : p.float_bias[c];
    const uint8_t* kernel = p.kernel + c * p.depth;
    sum[c] = 0;  // create has proved that 255 times it fits
    for (size_t k = 0; k < p.depth; k++) {
      sum[c] += int32_t{static_cast<uint8_t>(kernel[k] ^ p.kernel_flip)} - p.kernel_zero_point;
    }
  }
  return qnnp_status_success;
}

Status DynamicWork::renew(DynamicWork** work, const DynamicShape& shape) {
  if (*work != nullptr && (*work)->shape == shape) return qnnp_status_success;
  DynamicWork* const other = new DynamicWork;
  if (other == nullptr) return fail_memory("quantized input", sizeof(DynamicWork));
  const Status status = other->resize(shape);
  if (status != qnnp_status_success) {
    delete other;
    return status;
  }
  delete *work;
  *work = other;
  return qnnp_status_success;
}

Status DynamicWork::resize(const DynamicShape& wanted) {
  constexpr size_t kMostChunks = 16;
  chunk = ceil_div(wanted.pixels, kMostChunks);
  chunks = ceil_div(wanted.pixels, chunk);
  const CheckedSize images(wanted.images);
  const CheckedSize ranges = images * (chunks * sizeof(Range) + sizeof(Quantization));
  const CheckedSize padding = (images * wanted.padding_bytes + ranges).rounded_up(kAlignment);
  const CheckedSize total = images * wanted.pixels * wanted.channels + padding;
  if (!total.valid()) {
    return fail(qnnp_status_unsupported_parameter,
                "input: %zu images of %zu pixels of %zu channels are more bytes than can be "
                "addressed when quantized",
                wanted.images, wanted.pixels, wanted.channels);
  }
  padding_offset = ranges.value();
  bytes_offset = padding.value();
  shape = wanted;
  kernel = best_kernel(f32quantize_kernels());
  return data.resize(total.value(), "quantized input");
}

void DynamicWork::quantize(const float* input, size_t stride, pthreadpool_t pool) {
  Quantization* const quantizations = reinterpret_cast<Quantization*>(data.data());
  Range* const ranges = reinterpret_cast<Range*>(quantizations + shape.images);
  const auto rows_of = [this](size_t task) {
    return min(chunk, shape.pixels - task % chunks * chunk);
  };
  const auto pixel_of = [this](size_t task) {
    return task / chunks * shape.pixels + task % chunks * chunk;
  };
  parallel_for(pool, shape.images * chunks, [&](size_t task) {
    ranges[task] = range_of(input + pixel_of(task) * stride, rows_of(task), shape.channels, stride);
  });
  for (size_t image = 0; image < shape.images; image++) {
    Range all = {0, 0};
    for (size_t i = 0; i < chunks; i++) {
      const Range range = ranges[image * chunks + i];
      all = {min(all.low, range.low), max(all.high, range.high)};
    }
    quantizations[image] = quantization_of(all);
    memset(data.data() + padding_offset + image * shape.padding_bytes,
           quantizations[image].zero_point, shape.padding_bytes);
  }
  parallel_for(pool, shape.images * chunks, [&](size_t task) {
    const Quantization& q = quantizations[task / chunks];
    const QuantizeParams params = {q.scale,
                                   output_params(static_cast<uint8_t>(q.zero_point), 0, 255)};
    kernel->run({rows_of(task), shape.channels, input + pixel_of(task) * stride, stride,
                 bytes() + pixel_of(task) * shape.channels, shape.channels, &params});
  });
}

void DynamicWork::finish(const DynamicWeights& weights, float* output, size_t stride,
                         pthreadpool_t pool) const {
  constexpr size_t kValues = 4096;  // of a task
  const Quantization* quantizations = reinterpret_cast<const Quantization*>(data.data());
  const size_t pixels = shape.images * shape.output_pixels;
  const size_t step = ceil_div(kValues, weights.channels);
  parallel_for(pool, ceil_div(pixels, step), [&](size_t task) {
    for (size_t pixel = task * step; pixel < min(pixels, (task + 1) * step); pixel++) {
      finish_pixel(quantizations[pixel / shape.output_pixels], weights, output + pixel * stride);
    }
  });
}

}  // namespace qnnp
