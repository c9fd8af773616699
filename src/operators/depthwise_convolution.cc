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
  Status pack_pairs(const WeightSource& source);
  DwconvGeometry geometry(const ConvolutionBinding& binding) const;
  void run_pairs(const DwconvArgs& args) const;
  void run(const ConvolutionBinding& binding, pthreadpool_t pool) const override;

  const DwconvKernel* kernel = nullptr;
  const DwconvKernel* pair_kernel = nullptr;  // of two pixels as one of twice the channels
  size_t block_bytes = 0;
  int32_t correction = 0;
  Buffer weights, pair_weights;
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
  // Two neighbouring outputs as one see every second column: a kernel for twice the stride. Only on
  // x86: elsewhere blocks are small.
  for (const DwconvKernel* candidate : q8dwconv_kernels()) {
    if (kernel->kernel_height == 0 || !kernel->format.bounded) break;
    if (candidate->isa == kernel->isa && candidate->kernel_height == kernel->kernel_height &&
        candidate->kernel_width == kernel->kernel_width && kernel->subsampling_width == 1 &&
        candidate->subsampling_width == 2 && 2 * size_t{desc.groups} <= candidate->format.block) {
      pair_kernel = candidate;
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
  if (pair_kernel == nullptr) return make_padding(problem, problem.groups, &padding);
  QNNP_TRY(pack_pairs(source));
  return make_padding(problem, 2 * problem.groups, &padding);
}

// Weights of two pixels side by side: those of all channels twice.
Status DepthwisePlan::pack_pairs(const WeightSource& source) {
  const size_t channels = desc.groups, taps = size_t{desc.kernel_height} * desc.kernel_width;
  const DwconvShape shape = {pair_kernel->format, 2 * channels, desc.kernel_height,
                             desc.kernel_width, output.kind};
  Buffer twice;
  QNNP_TRY(twice.resize(2 * channels * (sizeof(int32_t) + sizeof(float) + taps), "packed weights"));
  int32_t* const bias = reinterpret_cast<int32_t*>(twice.data());
  float* const scales = reinterpret_cast<float*>(bias + 2 * channels);
  uint8_t* const kernels = reinterpret_cast<uint8_t*>(scales + 2 * channels);
  for (size_t i = 0; i < 2 * channels; i++) {
    bias[i] = source.bias == nullptr ? 0 : source.bias[i % channels];
    scales[i] = source.scales[i % channels];
    memcpy(kernels + i * taps, source.kernel + i % channels * taps, taps);
  }
  WeightSource pairs = source;
  pairs.kernel = kernels;
  pairs.bias = bias;
  pairs.scales = scales;
  QNNP_TRY(pair_weights.resize(shape.bytes().value(), "packed weights"));
  weight_bytes += pair_weights.size();
  return pack_dwconv(shape, pairs, pair_weights.data());
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

// Rows of a dense image: outputs that see padding beside it one by one, the others in pairs.
void DepthwisePlan::run_pairs(const DwconvArgs& args) const {
  const DwconvGeometry& g = *args.geometry;
  const ptrdiff_t pairs = (g.input_width + 1 - g.kernel_width) / 2;
  const ptrdiff_t left = g.padding_left, right = left + 2 * pairs;
  const auto run = [&](const DwconvKernel& with, DwconvArgs part, DwconvGeometry shape,
                       ptrdiff_t first, ptrdiff_t count) {
    shape.row_bytes = g.output_row();
    shape.output_width = count;
    shape.padding_left -= first;
    part.geometry = &shape;
    part.c += first * g.output_stride;
    if (count > 0) with.run(part, flip);
  };
  run(*kernel, args, g, 0, left);
  run(*kernel, args, g, right, g.output_width - right);
  DwconvArgs two = args;
  two.weights = pair_weights.data();
  DwconvGeometry shape = g;
  shape.channels *= 2;
  shape.output_stride *= 2;
  shape.subsampling_width = 2;
  run(*pair_kernel, two, shape, left, pairs);
}

// Tasks are bands of output rows, and of channels where rows alone would leave threads idle.
void DepthwisePlan::run(const ConvolutionBinding& binding, pthreadpool_t pool) const {
  const DwconvGeometry shape = geometry(binding);
  const size_t channels = desc.groups, size = kernel->format.block;
  const size_t taps = size_t{desc.kernel_height} * desc.kernel_width;
  // A last block that overlaps the one before goes with it: no two tasks write the same bytes.
  const bool overlaps = channels > size && channels % size != 0;
  const size_t blocks = ceil_div(channels, size) - (overlaps ? 1 : 0);
  const Grid grid =
      make_grid(binding.batch_size, binding.output_height, blocks, kernel->format.rows,
                binding.output_width * size * taps * kDepthwiseCost, thread_count(pool),
                depthwise_cost(binding.output_width));
  // With less than a few pairs, borders would be most of it.
  const bool in_pairs = pair_kernel != nullptr && binding.input_stride == channels &&
                        binding.output_stride == channels &&
                        binding.input_width >= desc.kernel_width + size_t{16};
  const size_t image_bytes = binding.output_pixels() * static_cast<size_t>(shape.output_stride);
  parallel_for(pool, grid.tasks(), [&](size_t index) {
    const Grid::Task t = grid.task(index);
    const size_t first = t.block * size;
    const size_t end = t.block + t.blocks == blocks ? channels : (t.block + t.blocks) * size;
    DwconvGeometry part = shape;
    part.channels = end - first;
    part.zeros += t.job * binding.padding_stride + first;
    const DwconvArgs args = {
        &part,
        weights.data() + t.block * block_bytes,
        block_bytes,
        binding.input + t.job * binding.input_pixels() * binding.input_stride + first,
        static_cast<ptrdiff_t>(t.row),
        static_cast<ptrdiff_t>(t.rows),
        binding.output + t.job * image_bytes + first * element_bytes(output.kind),
        correction,
        output};
    if (in_pairs) {
      run_pairs(args);
    } else {
      kernel->run(args, flip);
    }
  });
}

}  // namespace

ConvolutionPlan* new_depthwise(const qnnp_convolution2d_desc& desc, const WeightProblem& problem) {
  return new DepthwisePlan(desc, problem);
}

}  // namespace qnnp
