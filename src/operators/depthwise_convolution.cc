// SPDX-License-Identifier: BSD-3-Clause
#include "operators/convolution.h"
#include "q8dwconv/pack.h"

namespace qnnp {
namespace {

struct DepthwisePlan : Shareable {
  const DwconvKernel* kernel = nullptr;
  OutputParams output;
  size_t block_bytes = 0;
  int32_t correction = 0;
  Buffer weights, zeros;
  char name[48];
  const char* reason = "";

  void choose(const qnnp_convolution2d_desc& desc);
  Status prepare(const qnnp_convolution2d_desc& desc, const WeightProblem& problem);
};

// The strongest enabled instruction set; within it a kernel made for this size, else the general
// one.
void DepthwisePlan::choose(const qnnp_convolution2d_desc& d) {
  for (const DwconvKernel* candidate : q8dwconv_kernels()) {
    if (!isa_enabled(candidate->isa)) continue;
    const bool made_for_it = candidate->kernel_height == d.kernel_height &&
                             candidate->kernel_width == d.kernel_width &&
                             candidate->subsampling_width == d.subsampling_width &&
                             d.dilation_height == 1 && d.dilation_width == 1;
    if (candidate->kernel_height != 0 && !made_for_it) continue;
    if (kernel == nullptr || candidate->isa > kernel->isa || made_for_it) {
      kernel = candidate;
      reason = made_for_it ? "made for this kernel size and stride" : "any size, stride, dilation";
    }
  }
  snprintf(name, sizeof(name), "q8dwconv %s", kernel->name);
}

Status DepthwisePlan::prepare(const qnnp_convolution2d_desc& desc, const WeightProblem& problem) {
  choose(desc);
  output = output_params(problem.output_zero_point, problem.output_min, problem.output_max);
  correction = row_sum_factor(kernel->format.code, problem.kernel_zero_point);
  const DwconvShape shape = {kernel->format, problem.groups, desc.kernel_height, desc.kernel_width};
  if (!shape.bytes().valid()) {
    return fail(qnnp_status_unsupported_parameter,
                "kernel: %zu groups of %u x %u taps do not fit into memory when packed",
                problem.groups, desc.kernel_height, desc.kernel_width);
  }
  block_bytes = shape.block_bytes().value();
  Buffer multipliers;
  QNNP_TRY(compute_multipliers(problem, &multipliers));
  QNNP_TRY(weights.resize(shape.bytes().value(), "packed weights"));
  QNNP_TRY(
      pack_dwconv(shape,
                  {problem.kernel, problem.bias, reinterpret_cast<const float*>(multipliers.data()),
                   problem.input_zero_point, problem.kernel_zero_point, 0},
                  weights.data()));
  QNNP_TRY(zeros.resize(problem.groups, "padding"));
  memset(zeros.data(), desc.input_zero_point, problem.groups);
  return qnnp_status_success;
}

struct DepthwiseConvolution : Convolution {
  DepthwiseConvolution(const qnnp_convolution2d_desc& description,
                       const Shared<DepthwisePlan>& shared)
      : Convolution(description), plan(shared) {}

  void run(pthreadpool_t pool) const override;
  Operator* clone() const override { return new DepthwiseConvolution(desc, plan); }
  void describe(qnnp_operator_info* info) const override {
    Convolution::describe(info);
    info->kernel = plan->name;
    info->reason = plan->reason;
    info->weight_bytes = plan->weights.size();
  }
  DwconvGeometry geometry() const;

  const Shared<DepthwisePlan> plan;
};

DwconvGeometry DepthwiseConvolution::geometry() const {
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
          extent(binding.output_stride),
          desc.groups,
          plan->zeros.data()};
}

// Tasks are bands of output rows: at least 4 per thread, unless that is less than about 5
// microseconds of work each.
void DepthwiseConvolution::run(pthreadpool_t pool) const {
  constexpr size_t kMinimumMacs = 1 << 16;
  const DwconvGeometry shape = geometry();
  const size_t row_macs =
      binding.output_width * desc.groups * desc.kernel_height * desc.kernel_width;
  const size_t threads = thread_count(pool), height = binding.output_height;
  size_t band = height;
  if (threads > 1) {
    const size_t wanted = ceil_div(4 * threads, binding.batch_size);
    band = min(height, max(ceil_div(height, wanted), ceil_div(kMinimumMacs, row_macs)));
  }
  const size_t bands = ceil_div(height, band);
  parallel_for(pool, binding.batch_size * bands, [&](size_t task) {
    const size_t image = task / bands, row = task % bands * band;
    plan->kernel->run({&shape, plan->weights.data(), plan->block_bytes,
                       binding.input + image * binding.input_pixels() * binding.input_stride,
                       static_cast<ptrdiff_t>(row), static_cast<ptrdiff_t>(min(band, height - row)),
                       binding.output + image * binding.output_pixels() * binding.output_stride,
                       plan->correction, plan->output});
  });
}

}  // namespace

Status create_depthwise(const qnnp_convolution2d_desc& desc, const WeightProblem& problem,
                        Operator** out) {
  const Shared<DepthwisePlan> plan(new DepthwisePlan);
  if (!plan) return fail_memory("convolution operator", sizeof(DepthwisePlan));
  QNNP_TRY(plan->prepare(desc, problem));
  *out = new DepthwiseConvolution(desc, plan);
  return *out == nullptr ? fail_memory("convolution operator", sizeof(DepthwiseConvolution))
                         : qnnp_status_success;
}

}  // namespace qnnp
