// SPDX-License-Identifier: BSD-3-Clause
#include "harness/convolution_case.h"

#include "harness/draw.h"

namespace qnnp {
namespace test {

std::string ConvolutionShape::text() const {
  const auto pair = [](const char* name, size_t a, size_t b) {
    return std::string(name) + std::to_string(a) + "x" + std::to_string(b);
  };
  return std::to_string(batch) + " images" + pair(" ", height, width) +
         pair(" kernel ", kernel_height, kernel_width) +
         pair(" stride ", stride_height, stride_width) +
         pair(" dilation ", dilation_height, dilation_width) + " groups " + std::to_string(groups) +
         pair(" channels ", group_inputs, group_outputs) + pair(" padding top/right ", top, right) +
         pair(" bottom/left ", bottom, left) +
         pair(" extra strides ", extra_input_stride, extra_output_stride);
}

ConvolutionCase::ConvolutionCase(const ConvolutionShape& s, Random& random, Flush flush)
    : shape(s),
      input_zero_point(draw_zero_point(random)),
      kernel_zero_point(draw_zero_point(random)),
      output(draw_output(random)),
      kernel_scales(s.outputs()),
      has_bias(random.size(0, 7) != 0),
      kernel(s.outputs() * s.depth()),
      bias(s.outputs()) {
  // Scales around what maps a typical accumulator onto the output's range; sometimes far above or
  // below.
  const double typical = 60.0 * std::sqrt(static_cast<double>(s.depth())) * 40.0;
  output_scale = 0.25f;
  for (float& scale : kernel_scales) {
    const double factor = std::exp2(random.real(-3, 3) + (random.size(0, 15) == 0 ? 12 : 0));
    scale = static_cast<float>(100.0 / typical * factor * output_scale / input_scale);
  }
  draw_bytes(random, kernel);
  for (int32_t& value : bias) value = static_cast<int32_t>(random.in(0, 200000)) - 100000;
  const size_t pixels = s.batch * s.height * s.width;
  input =
      std::make_unique<GuardedRows>(pixels, s.inputs(), s.inputs() + s.extra_input_stride, flush);
  std::vector<uint8_t> bytes(pixels * s.inputs());
  draw_bytes(random, bytes);
  auto next = bytes.begin();
  input->fill([&] { return *next++; });
}

void ConvolutionCase::set_types(const ElementTypes& to) {
  std::vector<uint8_t> bytes = input->dense();
  flip_bytes(bytes, types.input_flip ^ to.input_flip);
  input->assign(bytes);
  flip_bytes(kernel, types.kernel_flip ^ to.kernel_flip);
  types = to;
  output = describable(output, types);
}

qnnp_convolution2d_desc ConvolutionCase::desc() const {
  qnnp_convolution2d_desc d = QNNP_CONVOLUTION2D_DESC_INIT;
  d.input_padding_top = shape.top;
  d.input_padding_right = shape.right;
  d.input_padding_bottom = shape.bottom;
  d.input_padding_left = shape.left;
  d.kernel_height = shape.kernel_height;
  d.kernel_width = shape.kernel_width;
  d.subsampling_height = shape.stride_height;
  d.subsampling_width = shape.stride_width;
  d.dilation_height = shape.dilation_height;
  d.dilation_width = shape.dilation_width;
  d.groups = shape.groups;
  d.group_input_channels = shape.group_inputs;
  d.group_output_channels = shape.group_outputs;
  d.input_scale = input_scale;
  d.output_scale = output_scale;
  d.kernel_scales = kernel_scales.data();
  d.kernel = kernel.data();
  d.bias = has_bias ? bias.data() : nullptr;
  describe_types(types, input_zero_point, kernel_zero_point, output, &d);
  return d;
}

GuardedRows ConvolutionCase::make_output(Flush flush) const {
  const size_t bytes = element_bytes(types.kind);
  return GuardedRows(shape.batch * shape.output_height() * shape.output_width(),
                     shape.outputs() * bytes, (shape.outputs() + shape.extra_output_stride) * bytes,
                     flush);
}

float ConvolutionCase::multiplier(size_t channel) const {
  const double product = static_cast<double>(input_scale) * kernel_scales[channel];
  return static_cast<float>(types.kind == OutputKind::bytes ? product / output_scale : product);
}

int64_t ConvolutionCase::accumulate(size_t image, size_t y, size_t x, size_t channel) const {
  int64_t sum = has_bias ? bias[channel] : 0;
  for_each_tap(image, y, x, channel, [&](size_t pixel, size_t i, int w) {
    const uint8_t a = input->at(pixel, i) ^ types.input_flip;
    sum += int64_t{a - input_zero_point} * w;
  });
  return sum;
}

std::vector<uint8_t> ConvolutionCase::reference() const {
  std::vector<uint8_t> result;
  for (size_t image = 0; image < shape.batch; image++) {
    for (size_t y = 0; y < shape.output_height(); y++) {
      for (size_t x = 0; x < shape.output_width(); x++) {
        for (size_t channel = 0; channel < shape.outputs(); channel++) {
          append_result(accumulate(image, y, x, channel), multiplier(channel), output, types,
                        &result);
        }
      }
    }
  }
  return result;
}

ConvolutionShape random_shape(Random& random, size_t most_macs) {
  ConvolutionShape s;
  do {
    s.batch = random.size(1, 2);
    s.height = random.size(1, 13);
    s.width = random.size(1, 13);
    s.kernel_height = static_cast<uint32_t>(random.in(1, 5));
    s.kernel_width = static_cast<uint32_t>(random.in(1, 5));
    s.stride_height = static_cast<uint32_t>(random.in(1, 3));
    s.stride_width = static_cast<uint32_t>(random.in(1, 3));
    s.dilation_height = random.coin() ? 1 : static_cast<uint32_t>(random.in(1, 3));
    s.dilation_width = random.coin() ? 1 : static_cast<uint32_t>(random.in(1, 3));
    s.top = static_cast<uint32_t>(random.in(0, 3));
    s.right = static_cast<uint32_t>(random.in(0, 3));
    s.bottom = static_cast<uint32_t>(random.in(0, 3));
    s.left = static_cast<uint32_t>(random.in(0, 3));
    switch (random.size(0, 3)) {
      case 0:  // depthwise
        s.groups = static_cast<uint32_t>(random.in(2, 150));
        s.group_inputs = s.group_outputs = 1;
        break;
      case 1:  // depthwise with a multiplier
        s.groups = static_cast<uint32_t>(random.in(1, 20));
        s.group_inputs = 1;
        s.group_outputs = random.size(1, 9);
        break;
      case 2:
        s.groups = static_cast<uint32_t>(random.in(1, 3));
        s.group_inputs = random.size(1, 40);
        s.group_outputs = random.size(1, 70);
        break;
      default:
        s.groups = 1;
        s.group_inputs = random.size(1, 90);
        s.group_outputs = random.size(1, 150);
    }
    s.extra_input_stride = random.coin() ? 0 : random.size(1, 17);
    s.extra_output_stride = random.coin() ? 0 : random.size(1, 17);
  } while (!s.fits() ||
           s.batch * s.output_height() * s.output_width() * s.outputs() * s.depth() > most_macs);
  return s;
}

std::vector<uint8_t> dense_bytes(const GuardedRows& rows) {
  std::vector<uint8_t> bytes;
  for (size_t row = 0; row < rows.rows(); row++) {
    for (size_t i = 0; i < rows.n(); i++) bytes.push_back(rows.at(row, i));
  }
  return bytes;
}

}  // namespace test
}  // namespace qnnp
