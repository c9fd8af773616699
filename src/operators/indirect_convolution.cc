// SPDX-License-Identifier: BSD-3-Clause
#include "operators/convolution.h"
#include "operators/grid.h"
#include "operators/output_size.h"
#include "operators/select.h"
#include "q8conv/q8conv.h"

namespace qnnp {
namespace {

struct IndirectPlan : ConvolutionPlan {
  using ConvolutionPlan::ConvolutionPlan;

  Status prepare(const WeightProblem& problem) override;
  ConvGeometry geometry(const ConvolutionBinding& binding) const;
  void run(const ConvolutionBinding& binding, pthreadpool_t pool) const override;

  const ConvKernel* kernel = nullptr;
  PackedWeights weights;
  size_t patch_rows = 0;  // kernel rows per run; 0: a run is a tap
};

Status IndirectPlan::prepare(const WeightProblem& problem) {
  const size_t channels = desc.group_input_channels;
  patch_rows = choose_patch_rows(desc.kernel_height, desc.kernel_width, channels);
  const size_t length = patch_rows == 0 ? channels : patch_rows * desc.kernel_width * channels;
  const size_t runs = problem.depth / length;
  kernel = choose_tile(q8conv_kernels(), problem.group_output_channels, runs, length, reason);
  name_kernel(name, "q8conv", kernel->name);
  tile = kernel->format;
  QNNP_TRY(weights.pack(problem, {kernel->format, problem.group_output_channels, runs, length}));
  weight_bytes = weights.data.size();
  return make_padding(problem, channels, &padding);
}

ConvGeometry IndirectPlan::geometry(const ConvolutionBinding& binding) const {
  const auto extent = [](size_t value) { return static_cast<ptrdiff_t>(value); };
  return {extent(binding.input_height),
          extent(binding.input_width),
          extent(binding.output_width),
          extent(desc.kernel_height),
          extent(desc.kernel_width),
          distance_of(binding.output_height, desc.subsampling_height),
          distance_of(binding.output_width, desc.subsampling_width),
          distance_of(desc.kernel_height, desc.dilation_height),
          distance_of(desc.kernel_width, desc.dilation_width),
          extent(desc.input_padding_top),
          extent(desc.input_padding_left),
          extent(binding.input_stride),
          desc.group_input_channels,
          extent(patch_rows),
          desc.dilation_width == 1 && binding.input_stride == desc.group_input_channels,
          binding.padding,
          binding.padding_stride == 0};  // dynamic quantization: each image has its own padding
}

void IndirectPlan::run(const ConvolutionBinding& binding, pthreadpool_t pool) const {
  const size_t pixels = binding.output_pixels(), n = weights.shape.columns;
  const size_t c_bytes = element_bytes(output.kind), row_bytes = binding.output_stride * c_bytes;
  const size_t jobs = binding.batch_size * desc.groups;
  const size_t depth = weights.shape.runs * weights.shape.length;
  const Grid grid = make_grid(jobs, pixels, weights.shape.blocks(), kernel->format.mr,
                              kernel->format.nr * depth, thread_count(pool));
  const ConvGeometry shape = geometry(binding);
  parallel_for(pool, grid.tasks(), [&](size_t index) {
    const Grid::Task t = grid.task(index);
    const size_t image = t.job / desc.groups, group = t.job % desc.groups;
    const uint8_t* from = binding.input + image * binding.input_pixels() * binding.input_stride +
                          group * desc.group_input_channels;
    ConvGeometry of_image = shape;
    of_image.zeros += image * binding.padding_stride;
    grid.for_each_call(t, [&](size_t row, size_t count) {
      uint8_t* to = binding.output + (image * pixels + row) * row_bytes + group * n * c_bytes;
      kernel->run({weights.panel(output, group, t.block, t.blocks, to, row_bytes), &of_image, from,
                   row, count},
                  flip);
    });
  });
}

}  // namespace

ConvolutionPlan* new_indirect(const qnnp_convolution2d_desc& desc, const WeightProblem& problem) {
  return new IndirectPlan(desc, problem);
}

}  // namespace qnnp
