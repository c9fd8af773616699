// SPDX-License-Identifier: BSD-3-Clause
#include "operators/convolution.h"

#include "operators/output_size.h"

namespace qnnp {
namespace {

Status check_geometry(const qnnp_convolution2d_desc& d) {
  QNNP_TRY(check_nonzero(d.kernel_height, "kernel_height"));
  QNNP_TRY(check_nonzero(d.kernel_width, "kernel_width"));
  QNNP_TRY(check_nonzero(d.subsampling_height, "subsampling_height"));
  QNNP_TRY(check_nonzero(d.subsampling_width, "subsampling_width"));
  QNNP_TRY(check_nonzero(d.dilation_height, "dilation_height"));
  QNNP_TRY(check_nonzero(d.dilation_width, "dilation_width"));
  QNNP_TRY(check_nonzero(d.groups, "groups"));
  QNNP_TRY(check_nonzero(d.group_input_channels, "group_input_channels"));
  QNNP_TRY(check_nonzero(d.group_output_channels, "group_output_channels"));
  return qnnp_status_success;
}

Status make_problem(const qnnp_convolution2d_desc& d, WeightProblem* problem) {
  const CheckedSize depth = CheckedSize(d.kernel_height) * d.kernel_width * d.group_input_channels;
  *problem = {d.groups,
              d.group_output_channels,
              depth.value(),
              d.input_scale,
              d.output_scale,
              d.kernel_scale,
              d.kernel_scales,
              d.kernel,
              d.bias,
              d.input_zero_point,
              d.kernel_zero_point,
              d.output_zero_point,
              d.output_min,
              d.output_max};
  QNNP_TRY(check_quantization(*problem, d.flags));
  if (!depth.valid()) {
    return fail(qnnp_status_unsupported_parameter,
                "kernel: %u x %u taps of %zu channels are more than can be addressed",
                d.kernel_height, d.kernel_width, d.group_input_channels);
  }
  return check_weight_sizes(*problem);
}

bool is_pointwise(const qnnp_convolution2d_desc& d) {
  return d.kernel_height == 1 && d.kernel_width == 1 && d.subsampling_height == 1 &&
         d.subsampling_width == 1 && d.input_padding_top == 0 && d.input_padding_right == 0 &&
         d.input_padding_bottom == 0 && d.input_padding_left == 0;
}

// What is invalid first, then what is too large.
Status check_binding(const qnnp_convolution2d_desc& d, const ConvolutionBinding& b) {
  QNNP_TRY(check_layout(b.input, d.groups * d.group_input_channels, b.input_stride, "input"));
  QNNP_TRY(check_layout(b.output, d.groups * d.group_output_channels, b.output_stride, "output"));
  const CheckedSize pixels = CheckedSize(b.batch_size) * b.input_height * b.input_width;
  const CheckedSize outputs = CheckedSize(b.batch_size) * b.output_height * b.output_width;
  const CheckedSize padded =
      (CheckedSize(b.input_height) + d.input_padding_top + d.input_padding_bottom) *
      (CheckedSize(b.input_width) + d.input_padding_left + d.input_padding_right) * b.input_stride;
  if (!pixels.valid() || !outputs.valid() || !padded.valid()) {
    return fail(qnnp_status_unsupported_parameter,
                "batch_size %zu of %zu x %zu pixels with padding, input_stride %zu, is more than "
                "can be addressed",
                b.batch_size, b.input_height, b.input_width, b.input_stride);
  }
  QNNP_TRY(check_extent(pixels, b.input_stride, "input"));
  return check_extent(outputs, b.output_stride, "output");
}

}  // namespace

Status create_convolution(const qnnp_convolution2d_desc& desc, Operator** out) {
  QNNP_TRY(check_geometry(desc));
  WeightProblem problem;
  QNNP_TRY(make_problem(desc, &problem));
  if (is_pointwise(desc)) return create_pointwise(desc, problem, out);
  if (desc.groups > 1 && desc.group_input_channels == 1 && desc.group_output_channels == 1) {
    return create_depthwise(desc, problem, out);
  }
  return create_indirect(desc, problem, out);
}

Status setup_convolution(Operator* op, size_t batch_size, size_t input_height, size_t input_width,
                         const uint8_t* input, size_t input_stride, uint8_t* output,
                         size_t output_stride) {
  bool done = false;
  QNNP_TRY(begin_setup(op, OperatorType::convolution, batch_size, &done));
  if (done) return qnnp_status_success;
  Convolution& convolution = static_cast<Convolution&>(*op);
  const qnnp_convolution2d_desc& d = convolution.desc;
  QNNP_TRY(check_nonzero(input_height, "input_height"));
  QNNP_TRY(check_nonzero(input_width, "input_width"));
  ConvolutionBinding binding = {batch_size,   input_height, input_width,  0, 0, input,
                                input_stride, output,       output_stride};
  QNNP_TRY(output_size({input_height, d.input_padding_top, d.input_padding_bottom, d.kernel_height,
                        d.dilation_height, d.subsampling_height},
                       "kernel_height", &binding.output_height));
  QNNP_TRY(output_size({input_width, d.input_padding_left, d.input_padding_right, d.kernel_width,
                        d.dilation_width, d.subsampling_width},
                       "kernel_width", &binding.output_width));
  QNNP_TRY(check_binding(d, binding));
  convolution.binding = binding;
  convolution.state = Operator::State::bound;
  return qnnp_status_success;
}

void Convolution::describe(qnnp_operator_info* info) const {
  if (state != State::bound) return;
  const uint64_t inputs = uint64_t{desc.groups} * desc.group_input_channels;
  const uint64_t outputs = uint64_t{desc.groups} * desc.group_output_channels;
  info->input_bytes = binding.batch_size * binding.input_pixels() * inputs;
  info->output_bytes = binding.batch_size * binding.output_pixels() * outputs;
  info->macs =
      info->output_bytes * desc.kernel_height * desc.kernel_width * desc.group_input_channels;
}

}  // namespace qnnp
