// SPDX-License-Identifier: BSD-3-Clause
#include "operators/convolution.h"

#include "operators/dynamic.h"
#include "operators/output_size.h"
#include "operators/typed.h"

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

Status make_problem(const qnnp_convolution2d_desc& d, Form form, WeightProblem* problem) {
  QNNP_TRY(read_weights(weight_fields(d), form, problem));
  const CheckedSize depth = CheckedSize(d.kernel_height) * d.kernel_width * d.group_input_channels;
  if (!depth.valid()) {
    return fail(qnnp_status_unsupported_parameter,
                "kernel: %u x %u taps of %zu channels are more than can be addressed",
                d.kernel_height, d.kernel_width, d.group_input_channels);
  }
  problem->groups = d.groups;
  problem->group_output_channels = d.group_output_channels;
  problem->depth = depth.value();
  return check_weight_sizes(*problem);
}

// Zero sizes of a description are 1.
qnnp_convolution2d_desc with_defaults(qnnp_convolution2d_desc d) {
  zeros_to_one(d.kernel_height, d.kernel_width, d.subsampling_height, d.subsampling_width,
               d.dilation_height, d.dilation_width, d.groups);
  return d;
}

bool is_pointwise(const qnnp_convolution2d_desc& d) {
  return d.kernel_height == 1 && d.kernel_width == 1 && d.subsampling_height == 1 &&
         d.subsampling_width == 1 && d.input_padding_top == 0 && d.input_padding_right == 0 &&
         d.input_padding_bottom == 0 && d.input_padding_left == 0;
}

struct Convolution : Operator {
  Convolution(const Shared<ConvolutionPlan>& shared, const Shared<DynamicWeights>& dynamic_weights)
      : Operator(OperatorType::convolution), plan(shared), dynamic(dynamic_weights) {}
  ~Convolution() override { delete work; }

  void run(pthreadpool_t pool) const override;
  Operator* clone() const override { return new Convolution(plan, dynamic); }
  void describe(qnnp_operator_info* info) const override;
  Status bind(ConvolutionBinding to);

  const Shared<ConvolutionPlan> plan;
  const Shared<DynamicWeights> dynamic;  // or none
  ConvolutionBinding binding = {};
  DynamicWork* work = nullptr;
};

void Convolution::run(pthreadpool_t pool) const {
  if (!dynamic) {
    plan->run(binding, pool);
    return;
  }
  work->quantize(reinterpret_cast<const float*>(binding.input), binding.input_stride, pool);
  ConvolutionBinding quantized = binding;
  quantized.input = work->bytes();
  quantized.input_stride = work->shape.channels;
  quantized.padding = work->padding();
  quantized.padding_stride = work->shape.padding_bytes;
  plan->run(quantized, pool);
  work->finish(*dynamic, reinterpret_cast<float*>(binding.output), binding.output_stride, pool);
}

// What is invalid first, then what is too large.
Status check_binding(const ConvolutionPlan& plan, size_t input_bytes, size_t output_bytes,
                     const ConvolutionBinding& b) {
  const qnnp_convolution2d_desc& d = plan.desc;
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
  QNNP_TRY(check_extent(pixels * input_bytes, b.input_stride, "input"));
  return check_extent(outputs * output_bytes, b.output_stride, "output");
}

Status Convolution::bind(ConvolutionBinding to) {
  const qnnp_convolution2d_desc& d = plan->desc;
  QNNP_TRY(output_size({to.input_height, d.input_padding_top, d.input_padding_bottom,
                        d.kernel_height, d.dilation_height, d.subsampling_height},
                       "kernel_height", &to.output_height));
  QNNP_TRY(output_size({to.input_width, d.input_padding_left, d.input_padding_right, d.kernel_width,
                        d.dilation_width, d.subsampling_width},
                       "kernel_width", &to.output_width));
  QNNP_TRY(check_binding(*plan, dynamic ? sizeof(float) : 1, element_bytes(plan->output.kind), to));
  if (dynamic) {
    const size_t channels = d.groups * d.group_input_channels;
    QNNP_TRY(DynamicWork::renew(&work, {to.batch_size, to.input_pixels(), channels,
                                        to.output_pixels(), plan->padding.size()}));
  }
  binding = to;
  state = State::bound;
  return qnnp_status_success;
}

ConvolutionPlan* new_plan(const qnnp_convolution2d_desc& desc, const WeightProblem& problem) {
  if (is_pointwise(desc)) return new_pointwise(desc, problem);
  if (desc.groups > 1 && desc.group_input_channels == 1 && desc.group_output_channels == 1) {
    return new_depthwise(desc, problem);
  }
  return new_indirect(desc, problem);
}

}  // namespace

Status create_convolution(const qnnp_convolution2d_desc& description, Form form, Operator** out) {
  qnnp_convolution2d_desc desc =
      form == Form::description ? with_defaults(description) : description;
  QNNP_TRY(check_geometry(desc));
  WeightProblem problem;
  QNNP_TRY(make_problem(desc, form, &problem));
  desc.kernel = nullptr;  // the caller's; the problem has them
  desc.bias = nullptr;
  desc.kernel_scales = desc.float_bias = nullptr;
  const Shared<ConvolutionPlan> plan(new_plan(desc, problem));
  if (!plan) return fail_memory("convolution operator", sizeof(ConvolutionPlan));
  QNNP_TRY(plan->prepare(problem));
  const Shared<DynamicWeights> dynamic(problem.dynamic ? new DynamicWeights : nullptr);
  if (problem.dynamic) {
    if (!dynamic) return fail_memory("convolution operator", sizeof(DynamicWeights));
    QNNP_TRY(dynamic->prepare(problem));
  }
  *out = new Convolution(plan, dynamic);
  return *out == nullptr ? fail_memory("convolution operator", sizeof(Convolution))
                         : qnnp_status_success;
}

Status setup_convolution(Operator* op, size_t batch_size, size_t input_height, size_t input_width,
                         const void* input, size_t input_stride, void* output,
                         size_t output_stride) {
  bool done = false;
  QNNP_TRY(begin_setup(op, OperatorType::convolution, batch_size, &done));
  if (done) return qnnp_status_success;
  Convolution& convolution = static_cast<Convolution&>(*op);
  QNNP_TRY(check_nonzero(input_height, "input_height"));
  QNNP_TRY(check_nonzero(input_width, "input_width"));
  return convolution.bind({batch_size, input_height, input_width, 0, 0,
                           static_cast<const uint8_t*>(input), input_stride,
                           static_cast<uint8_t*>(output), output_stride,
                           convolution.plan->padding.data(), 0});
}

void Convolution::describe(qnnp_operator_info* info) const {
  describe_tile(plan->name, plan->reason, plan->tile, info);
  info->weight_bytes = plan->weight_bytes;
  if (state != State::bound) return;
  const qnnp_convolution2d_desc& desc = plan->desc;
  const uint64_t inputs = uint64_t{desc.groups} * desc.group_input_channels;
  const uint64_t outputs = uint64_t{desc.groups} * desc.group_output_channels * binding.batch_size *
                           binding.output_pixels();
  info->input_bytes =
      binding.batch_size * binding.input_pixels() * inputs * (dynamic ? sizeof(float) : 1);
  info->output_bytes = outputs * element_bytes(plan->output.kind);
  info->macs = outputs * desc.kernel_height * desc.kernel_width * desc.group_input_channels;
}

}  // namespace qnnp
