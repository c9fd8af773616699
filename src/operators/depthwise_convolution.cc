// SPDX-License-Identifier: BSD-3-Clause
#include "operators/convolution.h"
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
  weight_bytes = weights.size();
  QNNP_TRY(
      pack_dwconv(shape,
                  {problem.kernel, problem.bias, reinterpret_cast<const float*>(multipliers.data()),
                   problem.input_zero_point, problem.kernel_zero_point, 0, problem.kernel_flip},
                  weights.data()));
  return make_padding(problem, problem.groups, &padding);
}

DwconvGeometry DepthwisePlan::geometry(const ConvolutionBinding& binding) const {
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
          extent(binding.output_stride * element_bytes(output.kind)),
          desc.groups,
          binding.padding};
}

// Tasks are bands of output rows: at least 4 per thread, unless that is less than about 5
// microseconds of work each.
void DepthwisePlan::run(const ConvolutionBinding& binding, pthreadpool_t pool) const {
  constexpr size_t kMinimumMacs = 1 << 16;
  const DwconvGeometry shape = geometry(binding);
  const size_t row_macs =
      binding.output_width * desc.groups * desc.kernel_height * desc.kernel_width;
  const size_t threads = thread_count(pool), height = binding.output_height;
  size_t band = height;
  if (threads > 1) {
    const size_t wanted = ceil_div(4 * threads, binding.batch_size);
    band = min(height, max(ceil_div(height, wanted), ceil_div(kMinimumMacs, row_macs)));
  }
  const size_t bands = ceil_div(height, band);
  const size_t image_bytes = binding.output_pixels() * static_cast<size_t>(shape.output_stride);
  parallel_for(pool, binding.batch_size * bands, [&](size_t task) {
    const size_t image = task / bands, row = task % bands * band;
    DwconvGeometry of_image = shape;
    of_image.zeros += image * binding.padding_stride;
    kernel->run({&of_image, weights.data(), block_bytes,
                 binding.input + image * binding.input_pixels() * binding.input_stride,
                 static_cast<ptrdiff_t>(row), static_cast<ptrdiff_t>(min(band, height - row)),
                 binding.output + image * image_bytes, correction, output},
                flip);
  });
}

}  // namespace

ConvolutionPlan* new_depthwise(const qnnp_convolution2d_desc& desc, const WeightProblem& problem) {
  return new DepthwisePlan(desc, problem);
}

}  // namespace qnnp
