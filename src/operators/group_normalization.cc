// SPDX-License-Identifier: BSD-3-Clause
// Three steps with the pool: sums of pieces of images, lines of images, elements. Sums are
// integers, so that pieces and threads change nothing.
#include "operators/group_normalization.h"

#include <cmath>

#include "operators/cut.h"
#include "operators/select.h"
#include "operators/typed.h"
#include "q8gnorm/q8gnorm.h"

namespace qnnp {
namespace {

struct NormParams {
  size_t channels, groups;
  double input_scale, epsilon;
  uint8_t low, high, output_zero_point, input_flip, output_flip;
};

struct NormPlan : Shareable {
  explicit NormPlan(const NormParams& parameters)
      : params(parameters), kernel(best_kernel(q8gnorm_kernels())) {
    name_kernel(name, "q8gnorm", kernel->name);
  }
  [[nodiscard]] Status init(const qnnp_group_normalization_desc& desc);
  const double* factors() const { return reinterpret_cast<const double*>(lines.data()); }
  const double* offsets() const { return factors() + params.channels; }

  const NormParams params;
  const NormKernel* const kernel;
  char name[32];
  Buffer lines;  // per channel gamma / output_scale, then beta / output_scale + output_zero_point
};

struct Binding {
  size_t batch_size = 0, width = 0;
  const uint8_t* input = nullptr;
  size_t input_stride = 0;
  uint8_t* output = nullptr;
  size_t output_stride = 0;
  // Of the scratch: sums per piece, [batch_size][pieces][2][channels]; lines per image,
  // [batch_size][2][padded].
  size_t pieces = 0, padded = 0;
  uint64_t* sums = nullptr;
  double* lines = nullptr;
};

struct GroupNormalization : Operator {
  explicit GroupNormalization(const Shared<NormPlan>& shared)
      : Operator(OperatorType::group_normalization), plan(shared) {}

  void run(pthreadpool_t pool) const override;
  Operator* clone() const override { return new GroupNormalization(plan); }
  void describe(qnnp_operator_info* info) const override;
  void sum_piece(size_t task) const;
  void make_lines(size_t image) const;
  void normalize(size_t row, size_t rows, size_t channel, size_t n) const;

  const Shared<NormPlan> plan;
  Buffer scratch;
  Binding binding;
};

void GroupNormalization::run(pthreadpool_t pool) const {
  constexpr size_t kCost = 4, kUnit = 64;
  const Binding& t = binding;
  const size_t rows = t.batch_size * t.width, sums = t.batch_size * t.pieces;
  // Little work is done sooner than handed out.
  const bool few_bytes = rows * plan->params.channels < 32768;
  const bool few_sums = sums * plan->params.channels < 4096;
  parallel_for(few_bytes ? nullptr : pool, sums, [&](size_t task) { sum_piece(task); });
  parallel_for(few_sums ? nullptr : pool, t.batch_size, [&](size_t image) { make_lines(image); });
  const Cut cut = make_cut(rows, plan->params.channels, kCost, kUnit, thread_count(pool));
  for_each_task(pool, cut, rows, plan->params.channels,
                [&](size_t row, size_t count, size_t channel, size_t n) {
                  normalize(row, count, channel, n);
                });
}

void GroupNormalization::sum_piece(size_t task) const {
  const Binding& t = binding;
  const size_t image = task / t.pieces, piece = task % t.pieces;
  const size_t step = ceil_div(t.width, t.pieces);
  const size_t first = min(piece * step, t.width), rows = min(step, t.width - first);
  uint64_t* const sums = t.sums + task * 2 * plan->params.channels;
  plan->kernel->sums({rows, plan->params.channels,
                      t.input + (image * t.width + first) * t.input_stride, t.input_stride,
                      plan->params.input_flip, sums, sums + plan->params.channels});
}

void GroupNormalization::make_lines(size_t image) const {
  const Binding& t = binding;
  const NormParams& p = plan->params;
  const size_t size = p.channels / p.groups;
  const uint64_t count = uint64_t{t.width} * size;
  double* const factors = t.lines + image * 2 * t.padded;
  double* const offsets = factors + t.padded;
  for (size_t first = 0; first < p.channels; first += size) {
    uint64_t sum = 0, square_sum = 0;
    for (size_t piece = 0; piece < t.pieces; piece++) {
      const uint64_t* const sums = t.sums + (image * t.pieces + piece) * 2 * p.channels + first;
      for (size_t c = 0; c < size; c++) {
        sum += sums[c];
        square_sum += sums[p.channels + c];
      }
    }
    // Around the nearest integer, sums keep their differences.
    const uint64_t center = (sum + count / 2) / count;
    const int64_t rest = static_cast<int64_t>(sum - count * center);
    const uint64_t squares = square_sum - 2 * center * sum + count * center * center;
    const double n = static_cast<double>(count);
    const double mean = static_cast<double>(rest) / n;
    const double variance = static_cast<double>(squares) / n - mean * mean;
    const double scale = p.input_scale;
    const double slope =
        squares == 0 ? 0.0 : scale / std::sqrt(scale * scale * variance + p.epsilon);
    for (size_t c = first; c < first + size; c++) {
      factors[c] = plan->factors()[c] * slope;
      offsets[c] = plan->offsets()[c] - (static_cast<double>(center) + mean) * factors[c];
    }
  }
}

void GroupNormalization::normalize(size_t row, size_t rows, size_t channel, size_t n) const {
  const Binding& t = binding;
  const NormParams& p = plan->params;
  for (const size_t end = row + rows; row != end;) {
    const size_t image = row / t.width;
    const size_t count = min(end, (image + 1) * t.width) - row;
    const double* const factors = t.lines + image * 2 * t.padded + channel;
    plan->kernel->run({count, n, t.input + row * t.input_stride + channel, t.input_stride,
                       t.output + row * t.output_stride + channel, t.output_stride, factors,
                       factors + t.padded, p.low, p.high, p.input_flip, p.output_flip});
    row += count;
  }
}

void GroupNormalization::describe(qnnp_operator_info* info) const {
  info->kernel = plan->name;
  info->reason = kBestIsa;
  info->weight_bytes = plan->lines.size();
  if (state != State::bound) return;
  info->input_bytes = info->output_bytes =
      uint64_t{binding.batch_size} * binding.width * plan->params.channels;
}

// A parameter per channel, `most` output steps in magnitude; NULL is its default.
Status check_finite(const float* values, const char* name, size_t channels) {
  for (size_t c = 0; values != nullptr && c < channels; c++) {
    if (values[c] - values[c] == 0) continue;  // not of infinities and NaN
    return fail(qnnp_status_invalid_parameter, "%s[%zu] is %.9g: it must be finite", name, c,
                static_cast<double>(values[c]));
  }
  return qnnp_status_success;
}
Status check_steps(const float* values, const char* name, double fallback, double most,
                   const qnnp_group_normalization_desc& desc) {
  for (size_t c = 0; c < (values == nullptr ? 1 : desc.channels); c++) {
    const double value = values == nullptr ? fallback : static_cast<double>(values[c]);
    const double steps = value / static_cast<double>(desc.output_scale);
    if (steps >= -most && steps <= most) continue;
    return fail(qnnp_status_unsupported_parameter,
                "%s[%zu] / output_scale is %.9g: it must be in [%.9g, %.9g]", name, c, steps, -most,
                most);
  }
  return qnnp_status_success;
}

Status check(const qnnp_group_normalization_desc& desc, NormParams* p) {
  QNNP_TRY(check_nonzero(desc.channels, "channels"));
  p->channels = desc.channels;
  p->groups = or_one(desc.groups);
  if (desc.channels % p->groups != 0) {
    return fail(qnnp_status_invalid_parameter, "groups is %zu: it must divide channels, %zu",
                p->groups, desc.channels);
  }
  // Arrays that no memory holds are not read: their size is refused below.
  const bool addressable = (CheckedSize(desc.channels) * 2 * sizeof(double)).valid();
  if (addressable) {
    QNNP_TRY(check_finite(desc.gamma, "gamma", desc.channels));
    QNNP_TRY(check_finite(desc.beta, "beta", desc.channels));
  }
  if (!(desc.epsilon >= 0 && desc.epsilon - desc.epsilon == 0)) {
    return fail(qnnp_status_invalid_parameter,
                "epsilon is %.9g: it must be finite and not negative",
                static_cast<double>(desc.epsilon));
  }
  QNNP_TRY(check_byte_type(desc.input_type, "input_type"));
  QNNP_TRY(check_byte_type(desc.output_type, "output_type"));
  QNNP_TRY(check_scale(desc.input_scale, "input_scale"));
  QNNP_TRY(check_scale(desc.output_scale, "output_scale"));
  QNNP_TRY(unsigned_zero_point(desc.output_zero_point, desc.output_type, "output_zero_point",
                               &p->output_zero_point));
  QNNP_TRY(unsigned_range(desc.output_min, desc.output_max, desc.output_type, "output", &p->low,
                          &p->high));
  QNNP_TRY(check_flags(desc.flags));
  p->epsilon = static_cast<double>(desc.epsilon);
  p->input_scale = static_cast<double>(desc.input_scale);
  p->input_flip = flip_of(desc.input_type);
  p->output_flip = flip_of(desc.output_type);
  if (!addressable) {
    return fail(qnnp_status_unsupported_parameter,
                "channels is %zu: their constants are more bytes than can be addressed",
                desc.channels);
  }
  QNNP_TRY(check_steps(desc.gamma, "gamma", 1, 0x1p12, desc));
  return check_steps(desc.beta, "beta", 0, 0x1p24, desc);
}

Status NormPlan::init(const qnnp_group_normalization_desc& desc) {
  const size_t channels = params.channels;
  QNNP_TRY(lines.resize(channels * 2 * sizeof(double), "factors and offsets"));
  double* const factor = reinterpret_cast<double*>(lines.data());
  double* const offset = factor + channels;
  const double scale = static_cast<double>(desc.output_scale);
  for (size_t c = 0; c < channels; c++) {
    factor[c] = (desc.gamma == nullptr ? 1 : static_cast<double>(desc.gamma[c])) / scale;
    offset[c] = (desc.beta == nullptr ? 0 : static_cast<double>(desc.beta[c])) / scale +
                params.output_zero_point;
  }
  return qnnp_status_success;
}

// About 16 pieces in all, none below 16 KB.
size_t piece_count(size_t batch_size, size_t width, size_t channels) {
  const size_t most = width * channels / 16384 + 1;
  return min(min(most, width), ceil_div(16, batch_size));
}

}  // namespace

Status create_group_normalization(const qnnp_group_normalization_desc& desc, Operator** out) {
  NormParams params = {};
  QNNP_TRY(check(desc, &params));
  const Shared<NormPlan> plan(new NormPlan(params));
  if (!plan) return fail_memory("group normalization operator", sizeof(NormPlan));
  QNNP_TRY(plan->init(desc));
  *out = new GroupNormalization(plan);
  return *out == nullptr ? fail_memory("group normalization operator", sizeof(GroupNormalization))
                         : qnnp_status_success;
}

Status setup_group_normalization(Operator* op, size_t batch_size, size_t width, const void* input,
                                 size_t input_stride, void* output, size_t output_stride) {
  bool done = false;
  QNNP_TRY(begin_setup(op, OperatorType::group_normalization, batch_size, &done));
  if (done) return qnnp_status_success;
  GroupNormalization& self = static_cast<GroupNormalization&>(*op);
  const size_t channels = self.plan->params.channels;
  QNNP_TRY(check_nonzero(width, "width"));
  QNNP_TRY(check_layout(input, channels, input_stride, "input"));
  QNNP_TRY(check_layout(output, channels, output_stride, "output"));
  QNNP_TRY(check_extent(CheckedSize(batch_size) * width, input_stride, "input"));
  QNNP_TRY(check_extent(CheckedSize(batch_size) * width, output_stride, "output"));
  if (uint64_t{width} * (channels / self.plan->params.groups) >> 32 != 0) {
    return fail(qnnp_status_unsupported_parameter,
                "width is %zu: width * channels / groups must be below 2^32", width);
  }
  Binding b = {batch_size,
               width,
               static_cast<const uint8_t*>(input),
               input_stride,
               static_cast<uint8_t*>(output),
               output_stride};
  b.pieces = piece_count(batch_size, width, channels);
  b.padded = round_up(channels, kNormChannels);
  const CheckedSize sums = CheckedSize(batch_size) * b.pieces * channels * (2 * sizeof(uint64_t));
  const CheckedSize bytes = sums + CheckedSize(batch_size) * b.padded * (2 * sizeof(double));
  if (!bytes.valid()) {
    return fail(qnnp_status_unsupported_parameter,
                "batch_size is %zu: sums of its images are more bytes than can be addressed",
                batch_size);
  }
  if (self.scratch.size() < bytes.value()) {
    Buffer larger;
    QNNP_TRY(larger.resize(bytes.value(), "sums of images"));
    larger.swap(self.scratch);
  }
  b.sums = reinterpret_cast<uint64_t*>(self.scratch.data());
  b.lines = reinterpret_cast<double*>(self.scratch.data() + sums.value());
  self.binding = b;
  self.state = Operator::State::bound;
  return qnnp_status_success;
}

}  // namespace qnnp
