// SPDX-License-Identifier: BSD-3-Clause
#include "operators/weights.h"

namespace qnnp {

Status check_quantization(const WeightProblem& problem, uint32_t flags) {
  QNNP_TRY(check_scale(problem.input_scale, "input_scale"));
  if (problem.kernel_scales == nullptr) {
    QNNP_TRY(check_scale(problem.kernel_scale, "kernel_scale"));
  }
  QNNP_TRY(check_scale(problem.output_scale, "output_scale"));
  QNNP_TRY(check_range(problem.output_min, problem.output_max, "output"));
  QNNP_TRY(check_flags(flags));
  return check_pointer(problem.kernel, "kernel");
}

Status check_weight_sizes(const WeightProblem& problem) {
  const CheckedSize channels = CheckedSize(problem.groups) * problem.group_output_channels;
  if (!(channels * problem.depth * 16).valid()) {
    return fail(qnnp_status_unsupported_parameter,
                "kernel: %zu groups of %zu output channels of %zu weights are more than can be "
                "addressed",
                problem.groups, problem.group_output_channels, problem.depth);
  }
  for (size_t i = 0; problem.kernel_scales != nullptr && i < channels.value(); i++) {
    char name[48];
    snprintf(name, sizeof(name), "kernel_scales[%zu]", i);
    QNNP_TRY(check_scale(problem.kernel_scales[i], name));
  }
  return qnnp_status_success;
}

Status compute_multipliers(const WeightProblem& problem, Buffer* multipliers) {
  QNNP_TRY(multipliers->resize(problem.channels() * sizeof(float), "requantization multipliers"));
  float* out = reinterpret_cast<float*>(multipliers->data());
  for (size_t i = 0; i < problem.channels(); i++) {
    const double kernel_scale =
        problem.kernel_scales == nullptr ? problem.kernel_scale : problem.kernel_scales[i];
    out[i] = static_cast<float>(static_cast<double>(problem.input_scale) * kernel_scale /
                                static_cast<double>(problem.output_scale));
    QNNP_TRY(check_multiplier(out[i], "input_scale * kernel_scale / output_scale"));
  }
  return qnnp_status_success;
}

Status PackedWeights::pack(const WeightProblem& problem, const PackShape& pack_shape) {
  shape = pack_shape;
  const CheckedSize bytes = shape.bytes() * problem.groups;
  if (!bytes.valid()) {
    return fail(qnnp_status_unsupported_parameter,
                "kernel: %zu groups of %zu output channels do not fit into memory when packed",
                problem.groups, problem.group_output_channels);
  }
  block_bytes = shape.block_bytes().value();
  group_bytes = shape.bytes().value();
  row_sum_factor = qnnp::row_sum_factor(shape.format.code, problem.kernel_zero_point);
  Buffer multipliers;
  QNNP_TRY(compute_multipliers(problem, &multipliers));
  QNNP_TRY(data.resize(bytes.value(), "packed weights"));
  for (size_t group = 0; group < problem.groups; group++) {
    const size_t channel = group * problem.group_output_channels;
    const WeightSource source = {problem.kernel + channel * problem.depth,
                                 problem.bias == nullptr ? nullptr : problem.bias + channel,
                                 reinterpret_cast<const float*>(multipliers.data()) + channel,
                                 problem.input_zero_point,
                                 problem.kernel_zero_point,
                                 channel};
    QNNP_TRY(pack_weights(shape, source, data.data() + group * group_bytes));
  }
  return qnnp_status_success;
}

Panel PackedWeights::panel(const OutputParams& output, size_t group, size_t block, size_t blocks,
                           uint8_t* c, size_t c_stride) const {
  const size_t first = block * shape.format.nr;
  return {data.data() + group * group_bytes + block * block_bytes,
          block_bytes,
          min(blocks * shape.format.nr, shape.columns - first),
          c + first,
          c_stride,
          row_sum_factor,
          output};
}

}  // namespace qnnp
