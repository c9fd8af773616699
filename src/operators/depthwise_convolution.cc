// SPDX-License-Identifier: BSD-3-Clause
#include "operators/convolution.h"
#include "operators/grid.h"
#include "operators/output_size.h"
#include "operators/select.h"
#include "q8dwconv/pack.h"

namespace qnnp {
namespace {

struct DepthwisePlan : ConvolutionPlan {
  using ConvolutionPlan::ConvolutionPlan;

  void choose();
  Status prepare(const WeightProblem& problem) override;
  DwconvGeometry geometry(const ConvolutionBinding& binding) const;
  void run(const ConvolutionBinding& binding, pthreadpool_t pool) const override;

  const DwconvKernel* kernel = nullptr;
  size_t block_bytes = 0;
  int32_t correction = 0;
  Buffer weights;
};

// The strongest enabled instruction set; within it a kernel made for this size, else the general
// one.
void DepthwisePlan::choose() {
  const char* why = "";
  for (const DwconvKernel* candidate : q8dwconv_kernels()) {
    if (!isa_enabled(candidate->isa)) continue;
    const bool made_for_it = candidate->kernel_height == desc.kernel_height &&
                             candidate->kernel_width == desc.kernel_width &&
                             candidate->subsampling_width == desc.subsampling_width &&
                             desc.dilation_height == 1 && desc.dilation_width == 1;
    if (candidate->kernel_height != 0 && !made_for_it) continue;
    if (kernel == nullptr || candidate->isa > kernel->isa || made_for_it) {
      kernel = candidate;
      why = made_for_it ? "made for this kernel size and stride" : "any size, stride, dilation";
    }
  }
  name_kernel(name, "q8dwconv", kernel->name);
  snprintf(reason, sizeof(reason), "%s", why);
}

Status DepthwisePlan::prepare(const WeightProblem& problem) {
  choose();
  correction = row_sum_factor(kernel->format.code, problem.kernel_zero_point);
  const DwconvShape shape = {kernel->format, problem.groups, desc.kernel_height, desc.kernel_width,
                             output.kind};
  if (!shape.bytes().valid()) {
    return fail(qnnp_status_unsupported_parameter,
                "kernel: %zu groups of %u x %u taps do not fit into memory when packed",
                problem.groups, desc.kernel_height, desc.kernel_width);
  }
  block_bytes = shape.block_bytes().value();
  Buffer multipliers;
  QNNP_TRY(compute_multipliers(problem, &multipliers));
  QNNP_TRY(weights.resize(shape.bytes().value(), "packed weights"));
  weight_bytes = weights.size();
  const WeightSource source = {problem.kernel,
                               problem.bias,
                               reinterpret_cast<const float*>(multipliers.data()),
                               problem.input_zero_point,
                               problem.kernel_zero_point,
                               0,
                               problem.kernel_flip};
  QNNP_TRY(pack_dwconv(shape, source, weights.data()));
  return make_padding(problem, problem.groups, &padding);
}

DwconvGeometry DepthwisePlan::geometry(const ConvolutionBinding& binding) const {
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
          extent(binding.output_stride * element_bytes(output.kind)),
          desc.groups,
          binding.padding};
}

// Tasks are bands of output rows, and of channels where rows alone would leave threads idle.
void DepthwisePlan::run(const ConvolutionBinding& binding, pthreadpool_t pool) const {
  const DwconvGeometry shape = geometry(binding);
  const size_t channels = desc.groups, size = kernel->format.block;
  const size_t taps = size_t{desc.kernel_height} * desc.kernel_width;
  // What remains goes with the last whole block, which it may overlap: no two tasks write the same
  // bytes.
  const size_t blocks = max<size_t>(channels / size, 1);
  const Grid grid =
      make_grid(binding.batch_size, binding.output_height, blocks, kernel->format.rows,
                binding.output_width * size * taps * kDepthwiseCost, thread_count(pool),
                depthwise_cost(binding.output_width));
  const size_t image_bytes = binding.output_pixels() * static_cast<size_t>(shape.output_stride);
  parallel_for(pool, grid.tasks(), [&](size_t index) {
    const Grid::Task t = grid.task(index);
    const size_t first = t.block * size;
    const size_t end = t.block + t.blocks == blocks ? channels : (t.block + t.blocks) * size;
    DwconvGeometry part = shape;
    part.channels = end - first;
    part.zeros += t.job * binding.padding_stride + first;
    kernel->run({&part, weights.data() + t.block * block_bytes, block_bytes,
                 binding.input + t.job * binding.input_pixels() * binding.input_stride + first,
                 static_cast<ptrdiff_t>(t.row), static_cast<ptrdiff_t>(t.rows),
                 binding.output + t.job * image_bytes + first * element_bytes(output.kind),
                 correction, output},
                flip);
  });
}

}  // namespace

ConvolutionPlan* new_depthwise(const qnnp_convolution2d_desc& desc, const WeightProblem& problem) {
  return new DepthwisePlan(desc, problem);
}

}  // namespace qnnp
