// SPDX-License-Identifier: BSD-3-Clause
#include "operators/weights.h"

#include "operators/typed.h"

namespace qnnp {
namespace {

bool is_byte(enum qnnp_datatype type) {
  return type == qnnp_datatype_uint8 || type == qnnp_datatype_int8;
}

Status check_types(const WeightFields& f) {
  const bool dynamic = f.input_type == qnnp_datatype_float32;
  if (!dynamic && !is_byte(f.input_type)) {
    return fail(qnnp_status_invalid_parameter,
                "input_type is %d: it must be uint8 (%d), int8 (%d) or float32 (%d)",
                static_cast<int>(f.input_type), qnnp_datatype_uint8, qnnp_datatype_int8,
                qnnp_datatype_float32);
  }
  QNNP_TRY(check_byte_type(f.kernel_type, "kernel_type"));
  if (dynamic && f.output_type != qnnp_datatype_float32) {
    return fail(qnnp_status_invalid_parameter,
                "output_type is %d: with float32 inputs it must be float32 (%d)",
                static_cast<int>(f.output_type), qnnp_datatype_float32);
  }
  if (is_byte(f.output_type) || f.output_type == qnnp_datatype_int32 ||
      f.output_type == qnnp_datatype_float32) {
    return qnnp_status_success;
  }
  return fail(qnnp_status_invalid_parameter,
              "output_type is %d: it must be uint8 (%d), int8 (%d), int32 (%d) or float32 (%d)",
              static_cast<int>(f.output_type), qnnp_datatype_uint8, qnnp_datatype_int8,
              qnnp_datatype_int32, qnnp_datatype_float32);
}

Status read_output(const WeightFields& f, Form form, WeightProblem* p) {
  QNNP_TRY(unsigned_zero_point(f.output_zero_point, f.output_type, "output_zero_point",
                               &p->output_zero_point));
  if (form == Form::description) {
    return unsigned_range(f.output_min, f.output_max, f.output_type, "output", &p->output_min,
                          &p->output_max);
  }
  p->output_min = static_cast<uint8_t>(f.output_min);
  p->output_max = static_cast<uint8_t>(f.output_max);
  return check_range(p->output_min, p->output_max, "output");
}

// Of an output channel, whose scale the sentence names.
Status check_multiplier_of(const WeightProblem& problem, size_t channel, float multiplier) {
  if (check_multiplier(multiplier, "") == qnnp_status_success) return qnnp_status_success;
  char which[24] = "", names[96];
  if (problem.kernel_scales != nullptr) {
    snprintf(which, sizeof(which), "s[%zu]", channel % problem.scales());
  }
  snprintf(names, sizeof(names), "%s * %s%s%s", problem.names.input_scale,
           problem.names.kernel_scale, which,
           problem.output_kind == OutputKind::bytes ? " / output_scale" : "");
  return check_multiplier(multiplier, names);
}

}  // namespace

Status read_weights(const WeightFields& f, Form form, WeightProblem* p) {
  QNNP_TRY(check_types(f));
  const bool dynamic = f.input_type == qnnp_datatype_float32;
  const bool bytes = is_byte(f.output_type);
  // Accumulators have no scale; what is quantized at run time has none yet.
  const bool scaled = f.output_type != qnnp_datatype_int32;
  if (scaled && !dynamic) QNNP_TRY(check_scale(f.input_scale, f.names.input_scale));
  if (scaled && f.kernel_scales == nullptr) {
    QNNP_TRY(check_scale(f.kernel_scale, f.names.kernel_scale));
  }
  if (bytes) QNNP_TRY(check_scale(f.output_scale, "output_scale"));
  *p = {};
  if (!dynamic) {
    QNNP_TRY(unsigned_zero_point(f.input_zero_point, f.input_type, f.names.input_zero_point,
                                 &p->input_zero_point));
  }
  QNNP_TRY(unsigned_zero_point(f.kernel_zero_point, f.kernel_type, f.names.kernel_zero_point,
                               &p->kernel_zero_point));
  if (bytes) QNNP_TRY(read_output(f, form, p));
  QNNP_TRY(check_flags(f.flags));
  QNNP_TRY(check_pointer(f.kernel, "kernel"));
  if (dynamic ? f.bias != nullptr : f.float_bias != nullptr) {
    return fail(qnnp_status_invalid_parameter, "%s is given: with %s inputs it must be NULL",
                dynamic ? "bias" : "float_bias", dynamic ? "float32" : "8-bit");
  }
  p->input_scale = f.input_scale;
  p->output_scale = f.output_scale;
  p->kernel_scale = f.kernel_scale;
  p->kernel_scales = f.kernel_scales;
  p->kernel = static_cast<const uint8_t*>(f.kernel);
  p->bias = f.bias;
  p->float_bias = f.float_bias;
  p->input_flip = flip_of(f.input_type);
  p->kernel_flip = flip_of(f.kernel_type);
  p->output_flip = flip_of(f.output_type);
  p->output_kind = bytes                ? OutputKind::bytes
                   : scaled && !dynamic ? OutputKind::float32
                                        : OutputKind::int32;
  p->dynamic = dynamic;
  p->names = f.names;
  return qnnp_status_success;
}

Status check_weight_sizes(const WeightProblem& problem) {
  const CheckedSize channels = CheckedSize(problem.groups) * problem.group_output_channels;
  if (!(channels * problem.depth * 16).valid()) {
    return fail(qnnp_status_unsupported_parameter,
                "kernel: %zu groups of %zu output channels of %zu weights are more than can be "
                "addressed",
                problem.groups, problem.group_output_channels, problem.depth);
  }
  const bool scaled = problem.output_kind != OutputKind::int32 || problem.dynamic;
  for (size_t i = 0; scaled && problem.kernel_scales != nullptr && i < problem.scales(); i++) {
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
    const double kernel_scale = problem.kernel_scales == nullptr
                                    ? problem.kernel_scale
                                    : problem.kernel_scales[i % problem.scales()];
    const double product = static_cast<double>(problem.input_scale) * kernel_scale;
    switch (problem.output_kind) {
      case OutputKind::bytes:
        out[i] = static_cast<float>(product / static_cast<double>(problem.output_scale));
        QNNP_TRY(check_multiplier_of(problem, i, out[i]));
        break;
      case OutputKind::float32:
        out[i] = static_cast<float>(product);
        QNNP_TRY(check_multiplier_of(problem, i, out[i]));
        break;
      case OutputKind::int32:
        out[i] = 1.0f;
        break;
    }
  }
  return qnnp_status_success;
}

Status make_padding(const WeightProblem& problem, size_t bytes, Buffer* padding) {
  QNNP_TRY(padding->resize(bytes, "padding"));
  memset(padding->data(), problem.input_zero_point ^ problem.input_flip, bytes);
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
                                 channel,
                                 problem.kernel_flip};
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
          c + first * element_bytes(output.kind),
          c_stride,
          row_sum_factor,
          output};
}

}  // namespace qnnp
