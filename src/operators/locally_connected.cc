// SPDX-License-Identifier: BSD-3-Clause
#include "operators/locally_connected.h"

#include "operators/output_size.h"
#include "operators/select.h"
#include "operators/typed.h"
#include "operators/weights.h"
#include "q8conv/q8conv.h"

namespace qnnp {
namespace {

using Desc = qnnp_locally_connected2d_desc;

// Every output pixel is a group of weights.
struct LocallyConnectedPlan : Shareable {
  LocallyConnectedPlan(const Desc& description, size_t height, size_t width,
                       const WeightProblem& problem)
      : desc(description),
        output_height(height),
        output_width(width),
        output(problem.output_params()),
        flip(problem.input_flip != 0) {}

  Status prepare(const WeightProblem& problem);
  ConvGeometry geometry(size_t input_stride) const;
  size_t output_pixels() const { return output_height * output_width; }
  size_t inputs() const { return desc.groups * desc.group_input_channels; }
  size_t outputs() const { return desc.groups * desc.group_output_channels; }

  const Desc desc;
  const size_t output_height, output_width;
  const OutputParams output;
  const bool flip;
  const ConvKernel* kernel = nullptr;
  PackedWeights weights;
  size_t patch_rows = 0;
  Buffer padding;
  char name[48], reason[96];
};

Status LocallyConnectedPlan::prepare(const WeightProblem& problem) {
  const size_t channels = desc.group_input_channels;
  patch_rows = choose_patch_rows(desc.kernel_height, desc.kernel_width, channels);
  const size_t length = patch_rows == 0 ? channels : patch_rows * desc.kernel_width * channels;
  const size_t runs = problem.depth / length;
  kernel = choose_tile(q8conv_kernels(), problem.group_output_channels, runs, length, reason);
  name_kernel(name, "q8conv", kernel->name);
  QNNP_TRY(weights.pack(problem, {kernel->format, problem.group_output_channels, runs, length}));
  return make_padding(problem, channels, &padding);
}

ConvGeometry LocallyConnectedPlan::geometry(size_t input_stride) const {
  const auto extent = [](size_t value) { return static_cast<ptrdiff_t>(value); };
  return {extent(desc.input_height),
          extent(desc.input_width),
          extent(output_width),
          extent(desc.kernel_height),
          extent(desc.kernel_width),
          distance_of(output_height, desc.subsampling_height),
          distance_of(output_width, desc.subsampling_width),
          distance_of(desc.kernel_height, desc.dilation_height),
          distance_of(desc.kernel_width, desc.dilation_width),
          extent(desc.input_padding_top),
          extent(desc.input_padding_left),
          extent(input_stride),
          desc.group_input_channels,
          extent(patch_rows),
          desc.dilation_width == 1 && input_stride == desc.group_input_channels,
          padding.data()};
}

struct LocallyConnected : Operator {
  explicit LocallyConnected(const Shared<LocallyConnectedPlan>& shared)
      : Operator(OperatorType::locally_connected), plan(shared) {}

  void run(pthreadpool_t pool) const override;
  Operator* clone() const override { return new LocallyConnected(plan); }
  void describe(qnnp_operator_info* info) const override;

  const Shared<LocallyConnectedPlan> plan;
  size_t batch_size = 0, input_stride = 0, output_stride = 0;
  const uint8_t* input = nullptr;
  uint8_t* output = nullptr;
};

// Task: one output pixel of all images, so that its weights are read once.
void LocallyConnected::run(pthreadpool_t pool) const {
  const Desc& d = plan->desc;
  const ConvGeometry geometry = plan->geometry(input_stride);
  const size_t pixels = plan->output_pixels(), c_bytes = element_bytes(plan->output.kind);
  const size_t image_bytes = d.input_height * d.input_width * input_stride;
  parallel_for(pool, pixels, [&](size_t pixel) {
    for (size_t group = 0; group < d.groups; group++) {
      for (size_t image = 0; image < batch_size; image++) {
        uint8_t* c =
            output +
            ((image * pixels + pixel) * output_stride + group * d.group_output_channels) * c_bytes;
        plan->kernel->run(
            {plan->weights.panel(plan->output, pixel * d.groups + group, 0,
                                 plan->weights.shape.blocks(), c, output_stride * c_bytes),
             &geometry, input + image * image_bytes + group * d.group_input_channels, pixel, 1},
            plan->flip);
      }
    }
  });
}

void LocallyConnected::describe(qnnp_operator_info* info) const {
  describe_tile(plan->name, plan->reason, plan->kernel->format, info);
  info->weight_bytes = plan->weights.data.size();
  if (state != State::bound) return;
  const Desc& d = plan->desc;
  const uint64_t outputs = uint64_t{batch_size} * plan->output_pixels() * plan->outputs();
  info->input_bytes = uint64_t{batch_size} * d.input_height * d.input_width * plan->inputs();
  info->output_bytes = outputs * element_bytes(plan->output.kind);
  info->macs = outputs * d.kernel_height * d.kernel_width * d.group_input_channels;
}

Desc with_defaults(Desc d) {
  zeros_to_one(d.kernel_height, d.kernel_width, d.subsampling_height, d.subsampling_width,
               d.dilation_height, d.dilation_width, d.groups);
  return d;
}

// What is invalid in the sizes, and the sizes of the output.
Status check_geometry(const Desc& d, size_t* output_height, size_t* output_width) {
  QNNP_TRY(check_nonzero(d.input_height, "input_height"));
  QNNP_TRY(check_nonzero(d.input_width, "input_width"));
  QNNP_TRY(check_nonzero(d.group_input_channels, "group_input_channels"));
  QNNP_TRY(check_nonzero(d.group_output_channels, "group_output_channels"));
  QNNP_TRY(output_size({d.input_height, d.input_padding_top, d.input_padding_bottom,
                        d.kernel_height, d.dilation_height, d.subsampling_height},
                       "kernel_height", output_height));
  return output_size({d.input_width, d.input_padding_left, d.input_padding_right, d.kernel_width,
                      d.dilation_width, d.subsampling_width},
                     "kernel_width", output_width);
}

Status make_problem(const Desc& d, size_t output_height, size_t output_width,
                    WeightProblem* problem) {
  QNNP_TRY(check_byte_type(d.input_type, "input_type"));
  QNNP_TRY(read_weights(weight_fields(d), Form::description, problem));
  const CheckedSize depth = CheckedSize(d.kernel_height) * d.kernel_width * d.group_input_channels;
  const CheckedSize groups = CheckedSize(output_height) * output_width * d.groups;
  const CheckedSize padded =
      (CheckedSize(d.input_height) + d.input_padding_top + d.input_padding_bottom) *
      (CheckedSize(d.input_width) + d.input_padding_left + d.input_padding_right);
  if (!depth.valid() || !groups.valid() || !padded.valid()) {
    return fail(qnnp_status_unsupported_parameter,
                "kernel: %zu x %zu output pixels of %u groups of %u x %u taps of %zu channels are "
                "more than can be addressed",
                output_height, output_width, d.groups, d.kernel_height, d.kernel_width,
                d.group_input_channels);
  }
  problem->groups = groups.value();
  problem->group_output_channels = d.group_output_channels;
  problem->depth = depth.value();
  problem->scale_count = d.groups * d.group_output_channels;
  return check_weight_sizes(*problem);
}

}  // namespace

Status create_locally_connected(const Desc& description, Operator** out) {
  Desc desc = with_defaults(description);
  size_t height = 0, width = 0;
  QNNP_TRY(check_geometry(desc, &height, &width));
  WeightProblem problem;
  QNNP_TRY(make_problem(desc, height, width, &problem));
  desc.kernel = nullptr;  // the caller's; the problem has them
  desc.bias = nullptr;
  desc.kernel_scales = desc.float_bias = nullptr;
  const Shared<LocallyConnectedPlan> plan(new LocallyConnectedPlan(desc, height, width, problem));
  if (!plan) return fail_memory("locally connected operator", sizeof(LocallyConnectedPlan));
  QNNP_TRY(plan->prepare(problem));
  *out = new LocallyConnected(plan);
  return *out == nullptr ? fail_memory("locally connected operator", sizeof(LocallyConnected))
                         : qnnp_status_success;
}

Status setup_locally_connected(Operator* op, size_t batch_size, const void* input,
                               size_t input_stride, void* output, size_t output_stride) {
  bool done = false;
  QNNP_TRY(begin_setup(op, OperatorType::locally_connected, batch_size, &done));
  if (done) return qnnp_status_success;
  LocallyConnected& layer = static_cast<LocallyConnected&>(*op);
  const LocallyConnectedPlan& plan = *layer.plan;
  QNNP_TRY(check_layout(input, plan.inputs(), input_stride, "input"));
  QNNP_TRY(check_layout(output, plan.outputs(), output_stride, "output"));
  const CheckedSize batch(batch_size);
  const CheckedSize padded = (CheckedSize(plan.desc.input_height) + plan.desc.input_padding_top +
                              plan.desc.input_padding_bottom) *
                             (CheckedSize(plan.desc.input_width) + plan.desc.input_padding_left +
                              plan.desc.input_padding_right);
  QNNP_TRY(check_extent(batch * padded, input_stride, "input"));
  QNNP_TRY(check_extent(batch * plan.output_pixels() * element_bytes(plan.output.kind),
                        output_stride, "output"));
  layer.batch_size = batch_size;
  layer.input = static_cast<const uint8_t*>(input);
  layer.input_stride = input_stride;
  layer.output = static_cast<uint8_t*>(output);
  layer.output_stride = output_stride;
  layer.state = Operator::State::bound;
  return qnnp_status_success;
}

}  // namespace qnnp
