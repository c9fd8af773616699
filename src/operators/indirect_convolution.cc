// SPDX-License-Identifier: BSD-3-Clause
#include "operators/convolution.h"
#include "operators/grid.h"
#include "q8conv/q8conv.h"

namespace qnnp {
namespace {

struct IndirectPlan : Shareable {
  const ConvKernel* kernel = nullptr;
  PackedWeights weights;
  OutputParams output;
  Buffer zeros;           // one tap of padding
  size_t patch_rows = 0;  // kernel rows per run; 0: a run is a tap
  char name[48], reason[96];

  Status prepare(const qnnp_convolution2d_desc& desc, const WeightProblem& problem);
};

// Few channels (the first layer has 3): as many kernel rows at a time as fit into a patch, or most
// of each step of the dot product would be padding.
size_t choose_patch(const qnnp_convolution2d_desc& desc) {
  constexpr size_t kManyChannels = 16;
  if (desc.group_input_channels >= kManyChannels) return 0;
  const size_t row_bytes = desc.group_input_channels * desc.kernel_width;
  size_t rows = min<size_t>(desc.kernel_height, kMaxPatch / max<size_t>(row_bytes, 1));
  while (rows != 0 && desc.kernel_height % rows != 0) rows--;
  return rows;
}

Status IndirectPlan::prepare(const qnnp_convolution2d_desc& desc, const WeightProblem& problem) {
  kernel = choose_tile(q8conv_kernels(), problem.group_output_channels, reason);
  snprintf(name, sizeof(name), "q8conv %s", kernel->name);
  output = output_params(problem.output_zero_point, problem.output_min, problem.output_max);
  const size_t channels = desc.group_input_channels;
  patch_rows = choose_patch(desc);
  const size_t length = patch_rows == 0 ? channels : patch_rows * desc.kernel_width * channels;
  QNNP_TRY(weights.pack(
      problem, {kernel->format, problem.group_output_channels, problem.depth / length, length}));
  QNNP_TRY(zeros.resize(channels, "padding"));
  memset(zeros.data(), desc.input_zero_point, channels);
  return qnnp_status_success;
}

struct IndirectConvolution : Convolution {
  IndirectConvolution(const qnnp_convolution2d_desc& description,
                      const Shared<IndirectPlan>& shared)
      : Convolution(description), plan(shared) {}

  void run(pthreadpool_t pool) const override;
  Operator* clone() const override { return new IndirectConvolution(desc, plan); }
  void describe(qnnp_operator_info* info) const override {
    Convolution::describe(info);
    info->kernel = plan->name;
    info->reason = plan->reason;
    info->weight_bytes = plan->weights.data.size();
  }
  ConvGeometry geometry() const;

  const Shared<IndirectPlan> plan;
};

ConvGeometry IndirectConvolution::geometry() const {
  const auto extent = [](size_t value) { return static_cast<ptrdiff_t>(value); };
  return {extent(binding.input_height),
          extent(binding.input_width),
          extent(binding.output_width),
          extent(desc.kernel_height),
          extent(desc.kernel_width),
          extent(desc.subsampling_height),
          extent(desc.subsampling_width),
          extent(desc.dilation_height),
          extent(desc.dilation_width),
          extent(desc.input_padding_top),
          extent(desc.input_padding_left),
          extent(binding.input_stride),
          desc.group_input_channels,
          extent(plan->patch_rows),
          desc.dilation_width == 1 && binding.input_stride == desc.group_input_channels,
          plan->zeros.data()};
}

void IndirectConvolution::run(pthreadpool_t pool) const {
  const PackedWeights& weights = plan->weights;
  const size_t pixels = binding.output_pixels(), n = weights.shape.columns;
  const size_t jobs = binding.batch_size * desc.groups;
  const size_t depth = weights.shape.runs * weights.shape.length;
  const Grid grid = make_grid(jobs, pixels, weights.shape.blocks(), plan->kernel->format.mr,
                              plan->kernel->format.nr * depth, thread_count(pool));
  const ConvGeometry shape = geometry();
  parallel_for(pool, jobs * grid.tasks(), [&](size_t task) {
    const size_t image = task / grid.tasks() / desc.groups;
    const size_t group = task / grid.tasks() % desc.groups;
    const size_t pixel = task % grid.tasks() / grid.block_tasks * grid.row_step;
    const size_t block = task % grid.block_tasks * grid.block_step;
    uint8_t* to = binding.output + (image * pixels + pixel) * binding.output_stride + group * n;
    const uint8_t* from = binding.input + image * binding.input_pixels() * binding.input_stride +
                          group * desc.group_input_channels;
    plan->kernel->run(
        {weights.panel(plan->output, group, block, grid.block_step, to, binding.output_stride),
         &shape, from, pixel, min(grid.row_step, pixels - pixel)});
  });
}

}  // namespace

Status create_indirect(const qnnp_convolution2d_desc& desc, const WeightProblem& problem,
                       Operator** out) {
  const Shared<IndirectPlan> plan(new IndirectPlan);
  if (!plan) return fail_memory("convolution operator", sizeof(IndirectPlan));
  QNNP_TRY(plan->prepare(desc, problem));
  *out = new IndirectConvolution(desc, plan);
  return *out == nullptr ? fail_memory("convolution operator", sizeof(IndirectConvolution))
                         : qnnp_status_success;
}

}  // namespace qnnp
