// SPDX-License-Identifier: BSD-3-Clause
#include "harness/dynamic_case.h"

#include <cfloat>

namespace qnnp {
namespace test {
namespace {

float draw_value(Values kind, float constant, Random& random) {
  switch (kind) {
    case Values::positive:
      return static_cast<float>(random.real(0.1, 7));
    case Values::negative:
      return static_cast<float>(random.real(-0.3, -0.1));
    case Values::constant:
      return constant;
    case Values::zeros:
      return random.coin() ? 0.0f : -0.0f;
    case Values::ties:
      return static_cast<float>(static_cast<int>(random.size(0, 510)) - 300) * 0.5f;
    case Values::huge:
      return static_cast<float>(random.real(-1, 1)) * FLT_MAX;
    case Values::denormal:
      return static_cast<float>(static_cast<int>(random.size(0, 600)) - 300) * FLT_TRUE_MIN;
    default:
      return static_cast<float>(random.real(-1, 1.5));
  }
}

}  // namespace

DynamicCase::DynamicCase(const ConvolutionShape& s, Random& random, Flush flush)
    : integers(s, random, flush),
      values(s.batch * s.height * s.width * s.inputs()),
      input(s.batch * s.height * s.width, s.inputs() * sizeof(float),
            (s.inputs() + s.extra_input_stride) * sizeof(float), flush) {
  integers.set_types({0, draw_flip(random), 0, OutputKind::float32});
  integers.has_bias = false;
  // The largest scales of images do not become infinite by them: 0 times that would be a NaN.
  for (float& scale : integers.kernel_scales) scale = std::min(scale, 1.0f);
  if (random.size(0, 3) != 0) bias.resize(s.outputs());
  for (float& value : bias) value = static_cast<float>(random.real(-2, 2));
  for (size_t image = 0; image < s.batch; image++) {
    const Values kind =
        random.coin() ? Values::normal
                      : static_cast<Values>(random.size(0, static_cast<size_t>(Values::count) - 1));
    const float constant = static_cast<float>(random.real(-3, 3));
    float* const first = &values[image * image_values()];
    for (size_t i = 0; i < image_values(); i++) first[i] = draw_value(kind, constant, random);
    if (kind == Values::ties) {  // a range of 255, or what fits
      first[0] = -150;
      first[image_values() - 1] = 105;
    }
  }
  write_input();
}

void DynamicCase::write_input() {
  for (size_t pixel = 0; pixel < input.rows(); pixel++) {
    memcpy(input.data() + pixel * input.stride(), &values[pixel * shape().inputs()], input.n());
  }
}

qnnp_convolution2d_desc DynamicCase::desc() const {
  qnnp_convolution2d_desc d = integers.desc();
  d.input_type = qnnp_datatype_float32;
  d.input_scale = 0;  // neither is looked at
  d.input_zero_point = 12345;
  d.float_bias = bias.empty() ? nullptr : bias.data();
  return d;
}

qnnp_fully_connected_desc DynamicCase::fully_connected_desc() const {
  const qnnp_convolution2d_desc from = desc();
  qnnp_fully_connected_desc d = QNNP_FULLY_CONNECTED_DESC_INIT;
  d.input_type = from.input_type;
  d.kernel_type = from.kernel_type;
  d.output_type = from.output_type;
  d.input_channels = shape().inputs();
  d.output_channels = shape().outputs();
  d.kernel_scales = from.kernel_scales;
  d.kernel = from.kernel;
  d.float_bias = from.float_bias;
  d.kernel_zero_point = from.kernel_zero_point;
  return d;
}

DynamicQuantization dynamic_quantization(const float* x, size_t n) {
  float low = 0, high = 0;
  for (size_t i = 0; i < n; i++) {
    low = x[i] < low ? x[i] : low;
    high = x[i] > high ? x[i] : high;
  }
  const float difference = high - low;
  float scale = difference / 255;
  if (std::isinf(scale)) {
    const float upper = high / 255, lower = low / 255;
    scale = upper - lower;
  }
  if (scale == 0) return {1, 0};
  const float zero_point = -low / scale;
  return {scale, static_cast<int>(std::nearbyint(std::min(zero_point, 255.0f)))};
}

// Puts the image into the case of integers.
DynamicQuantization DynamicCase::quantize(size_t image) {
  const float* const x = &values[image * image_values()];
  const DynamicQuantization q = dynamic_quantization(x, image_values());
  const float least = static_cast<float>(-q.zero_point);
  const float most = static_cast<float>(255 - q.zero_point);
  const size_t first = image * shape().height * shape().width;
  for (size_t i = 0; i < image_values(); i++) {
    const float quotient = x[i] / q.scale;
    const float limited = std::isnan(quotient) ? 0 : std::clamp(quotient, least, most);
    integers.input->at(first + i / shape().inputs(), i % shape().inputs()) =
        static_cast<uint8_t>(std::nearbyint(limited) + q.zero_point);
  }
  integers.input_zero_point = static_cast<uint8_t>(q.zero_point);
  return q;
}

std::vector<uint8_t> DynamicCase::reference() {
  std::vector<uint8_t> bits;
  for (size_t image = 0; image < shape().batch; image++) {
    const DynamicQuantization q = quantize(image);
    for (size_t y = 0; y < shape().output_height(); y++) {
      for (size_t x = 0; x < shape().output_width(); x++) {
        for (size_t channel = 0; channel < shape().outputs(); channel++) {
          const float acc = static_cast<float>(integers.accumulate(image, y, x, channel));
          const float scale = q.scale * integers.kernel_scales[channel];
          const float product = acc * scale;
          const float sum = product + (bias.empty() ? 0.0f : bias[channel]);
          uint8_t bytes[4];
          memcpy(bytes, &sum, 4);
          bits.insert(bits.end(), bytes, bytes + 4);
        }
      }
    }
  }
  return bits;
}

void DynamicCase::expect_accurate(const DynamicQuantization& q, size_t image, size_t y, size_t x,
                                  size_t channel) {
  const double kernel_scale = integers.kernel_scales[channel];
  double real = 0, weights = 0, acc = 0;
  integers.for_each_tap(image, y, x, channel, [&](size_t pixel, size_t i, int w) {
    real += kernel_scale * w * static_cast<double>(values[pixel * shape().inputs() + i]);
    weights += std::abs(kernel_scale * w);
    acc += w * (integers.input->at(pixel, i) - q.zero_point);
  });
  const float offset = bias.empty() ? 0.0f : bias[channel];
  const float scale = q.scale * integers.kernel_scales[channel];
  const double product = acc * static_cast<double>(q.scale) * kernel_scale;
  if (!std::isnormal(scale) || std::abs(product) > static_cast<double>(FLT_MAX) / 2) return;
  const float result = static_cast<float>(acc) * scale + offset;
  const double bound = static_cast<double>(q.scale) * (0.5 + 0x1p-14) * weights +
                       0x1p-22 * (1 + 0x1p-21) * (std::abs(product) + std::abs(double{offset}));
  EXPECT_LE(std::abs(static_cast<double>(result) - (real + static_cast<double>(offset))), bound);
}

void DynamicCase::expect_accurate() {
  for (size_t image = 0; image < shape().batch; image++) {
    const DynamicQuantization q = quantize(image);
    if (!std::isnormal(q.scale)) continue;
    for (size_t y = 0; y < shape().output_height(); y++) {
      for (size_t x = 0; x < shape().output_width(); x++) {
        for (size_t channel = 0; channel < shape().outputs(); channel++) {
          expect_accurate(q, image, y, x, channel);
        }
      }
    }
  }
}

}  // namespace test
}  // namespace qnnp
