// SPDX-License-Identifier: BSD-3-Clause
#include "operators/deconvolution.h"

#include "operators/deconvolution_axis.h"
#include "operators/grid.h"
#include "operators/select.h"
#include "operators/typed.h"
#include "q8conv/q8conv.h"

namespace qnnp {
namespace {

// The taps that one class of output pixels shares.
struct ClassWeights {
  size_t taps_y = 0, taps_x = 0, patch_rows = 0;
  PackedWeights weights;
};

struct DeconvolutionPlan : Shareable {
  DeconvolutionPlan(const qnnp_deconvolution2d_desc& d, const WeightProblem& problem)
      : desc(d),
        vertical(d.kernel_height, d.stride_height, d.dilation_height, d.input_padding_top),
        horizontal(d.kernel_width, d.stride_width, d.dilation_width, d.input_padding_left),
        output(problem.output_params()),
        flip(problem.input_flip != 0) {}

  Status prepare(const WeightProblem& problem);
  Status pack_class(const WeightProblem& problem, size_t first_y, size_t first_x,
                    ClassWeights* to) const;
  // Class numbers of a row and a column; pixels that no tap reaches have the last one.
  const ClassWeights& weights_of(size_t row_class, size_t column_class) const {
    const bool reached = row_class < vertical.classes() && column_class < horizontal.classes();
    return classes[reached ? row_class * horizontal.classes() + column_class : classes.size() - 1];
  }

  const qnnp_deconvolution2d_desc desc;
  const DeconvolutionAxis vertical, horizontal;
  const OutputParams output;
  const bool flip;
  const ConvKernel* kernel = nullptr;
  Array<ClassWeights> classes;
  Buffer padding;
  size_t weight_bytes = 0;
  char name[48], reason[96];
};

// From [groups][in][kernel_height][kernel_width][out] to what convolutions have: [groups][out][taps
// of the class, backwards][in].
void gather_class(const DeconvolutionPlan& plan, const uint8_t* kernel, size_t first_y,
                  size_t first_x, const ClassWeights& to, uint8_t* gathered) {
  const qnnp_deconvolution2d_desc& d = plan.desc;
  const size_t inputs = d.group_input_channels, outputs = d.group_output_channels;
  const size_t taps = size_t{d.kernel_height} * d.kernel_width;
  for (size_t group = 0; group < d.groups; group++, kernel += inputs * taps * outputs) {
    for (size_t out = 0; out < outputs; out++) {
      for (size_t y = to.taps_y; y-- > 0;) {
        for (size_t x = to.taps_x; x-- > 0;) {
          const size_t ky = first_y + y * plan.vertical.step;
          const size_t kx = first_x + x * plan.horizontal.step;
          const uint8_t* from = kernel + (ky * d.kernel_width + kx) * outputs + out;
          for (size_t in = 0; in < inputs; in++) *gathered++ = from[in * taps * outputs];
        }
      }
    }
  }
}

Status DeconvolutionPlan::pack_class(const WeightProblem& problem, size_t first_y, size_t first_x,
                                     ClassWeights* to) const {
  const bool reached = first_y < vertical.classes() && first_x < horizontal.classes();
  to->taps_y = reached ? vertical.taps(first_y) : 0;
  to->taps_x = reached ? horizontal.taps(first_x) : 0;
  const size_t channels = desc.group_input_channels;
  to->patch_rows = choose_patch_rows(to->taps_y, to->taps_x, channels);
  const size_t length = to->patch_rows == 0 ? channels : to->patch_rows * to->taps_x * channels;
  WeightProblem part = problem;
  part.depth = to->taps_y * to->taps_x * channels;
  Buffer gathered;
  QNNP_TRY(gathered.resize(part.channels() * part.depth, "weights of a class"));
  gather_class(*this, problem.kernel, first_y, first_x, *to, gathered.data());
  part.kernel = gathered.data();
  return to->weights.pack(
      part, {kernel->format, problem.group_output_channels, part.depth / length, length});
}

Status DeconvolutionPlan::prepare(const WeightProblem& problem) {
  // The largest class stands for all of them.
  kernel = choose_tile(q8conv_kernels(), problem.group_output_channels,
                       vertical.taps(0) * horizontal.taps(0), desc.group_input_channels, reason);
  name_kernel(name, "q8conv", kernel->name);
  const size_t across = horizontal.classes(), count = vertical.classes() * across;
  if (!(CheckedSize(count + 1) * sizeof(ClassWeights)).valid()) {
    return fail(qnnp_status_unsupported_parameter,
                "kernel: %u x %u taps are more than can be addressed when packed",
                desc.kernel_height, desc.kernel_width);
  }
  QNNP_TRY(classes.make(count + 1, "packed weights"));
  for (size_t i = 0; i <= count; i++) {
    const size_t row = i == count ? vertical.classes() : i / across;
    QNNP_TRY(pack_class(problem, row, i % across, &classes[i]));
    weight_bytes += classes[i].weights.data.size();
  }
  return make_padding(problem, desc.group_input_channels, &padding);
}

struct Binding {
  size_t batch_size, input_height, input_width, output_height, output_width;
  const uint8_t* input;
  size_t input_stride;
  uint8_t* output;
  size_t output_stride;

  size_t input_pixels() const { return input_height * input_width; }
  size_t output_pixels() const { return output_height * output_width; }
};

// Output rows first, first + stride, ... of one group of an image.
struct ClassRows {
  size_t image, group, first, count;
};

struct Deconvolution : Operator {
  explicit Deconvolution(const Shared<DeconvolutionPlan>& shared)
      : Operator(OperatorType::deconvolution), plan(shared) {}

  void run(pthreadpool_t pool) const override;
  Operator* clone() const override { return new Deconvolution(plan); }
  void describe(qnnp_operator_info* info) const override;
  Status bind(Binding to);
  ConvGeometry geometry_of(const ClassRows& rows, size_t first, const ClassWeights& weights) const;
  void run_rows(const ClassRows& rows) const;
  size_t pixels_together() const;
  size_t rows_together() const;

  const Shared<DeconvolutionPlan> plan;
  Binding binding = {};
};

// How many pixels one call of a kernel does at most, in whole tiles.
size_t Deconvolution::pixels_together() const {
  return kMaxRows / plan->kernel->format.mr * plan->kernel->format.mr;
}

// How many rows of a class: short ones would not fill tiles.
size_t Deconvolution::rows_together() const {
  if (!plan->kernel->parts_rows) return 1;
  const size_t width = ceil_div(binding.output_width, plan->horizontal.stride);
  return max<size_t>(pixels_together() / width, 1);
}

// Task: some output rows of a class of one group, all their pixels.
void Deconvolution::run(pthreadpool_t pool) const {
  constexpr size_t kTasksEach = 4;  // of a thread, if there are several
  const size_t height = binding.output_height, stride = plan->vertical.stride;
  const size_t classes = min(stride, height), rows = ceil_div(height, stride);
  const size_t jobs = binding.batch_size * plan->desc.groups * classes;
  const size_t threads = thread_count(pool);
  const size_t wanted = threads == 1 ? 1 : ceil_div(kTasksEach * threads, jobs);
  const size_t pieces = min(rows, max(ceil_div(rows, rows_together()), wanted));
  parallel_for(pool, jobs * pieces, [&](size_t task) {
    const size_t job = task / pieces, row = job % classes;
    const EvenCut cut = {ceil_div(height - row, stride), pieces};
    const size_t first = cut.begin(task % pieces), count = cut.begin(task % pieces + 1) - first;
    const size_t group = job / classes % plan->desc.groups;
    if (count == 0) return;  // a class of one row less
    run_rows({job / classes / plan->desc.groups, group, row + first * stride, count});
  });
}

ConvGeometry Deconvolution::geometry_of(const ClassRows& rows, size_t first,
                                        const ClassWeights& weights) const {
  const auto extent = [](size_t value) { return static_cast<ptrdiff_t>(value); };
  const DeconvolutionAxis &vertical = plan->vertical, &horizontal = plan->horizontal;
  const Binding& b = binding;
  const size_t channels = plan->desc.group_input_channels;
  const size_t width = ceil_div(b.output_width - first, horizontal.stride);
  const bool reached = weights.taps_y != 0;
  return {extent(b.input_height),
          extent(b.input_width),
          extent(width),
          extent(weights.taps_y),
          extent(weights.taps_x),
          1,
          1,
          extent(vertical.spacing),
          extent(horizontal.spacing),
          reached ? -vertical.origin(vertical.class_of(rows.first), rows.first) : 0,
          reached ? -horizontal.origin(horizontal.class_of(first), first) : 0,
          extent(b.input_stride),
          channels,
          extent(weights.patch_rows),
          horizontal.spacing == 1 && b.input_stride == channels,
          plan->padding.data(),
          true,
          rows.count == 1 ? 0
                          : (vertical.stride * b.output_width - width * horizontal.stride) *
                                b.output_stride * element_bytes(plan->output.kind)};
}

void Deconvolution::run_rows(const ClassRows& rows) const {
  const qnnp_deconvolution2d_desc& d = plan->desc;
  const DeconvolutionAxis &vertical = plan->vertical, &horizontal = plan->horizontal;
  const Binding& b = binding;
  const size_t c_bytes = element_bytes(plan->output.kind);
  const size_t output_bytes = b.output_stride * c_bytes;
  const size_t pixel_bytes = horizontal.stride * output_bytes;
  const uint8_t* from = b.input + rows.image * b.input_pixels() * b.input_stride +
                        rows.group * d.group_input_channels;
  uint8_t* to = b.output +
                (rows.image * b.output_pixels() + rows.first * b.output_width) * output_bytes +
                rows.group * d.group_output_channels * c_bytes;
  const size_t step = pixels_together();
  const size_t row_class = vertical.class_of(rows.first);
  for (size_t first = 0; first < min(horizontal.stride, b.output_width); first++) {
    const ClassWeights& weights = plan->weights_of(row_class, horizontal.class_of(first));
    const ConvGeometry geometry = geometry_of(rows, first, weights);
    // Several rows are one call.
    const size_t pixels = rows.count * static_cast<size_t>(geometry.output_width);
    for (size_t pixel = 0; pixel < pixels; pixel += step) {
      uint8_t* c = to + first * output_bytes + pixel * pixel_bytes;
      plan->kernel->run({weights.weights.panel(plan->output, rows.group, 0,
                                               weights.weights.shape.blocks(), c, pixel_bytes),
                         &geometry, from, pixel, min(step, pixels - pixel)},
                        plan->flip);
    }
  }
}

void Deconvolution::describe(qnnp_operator_info* info) const {
  describe_tile(plan->name, plan->reason, plan->kernel->format, info);
  info->weight_bytes = plan->weight_bytes;
  if (state != State::bound) return;
  const qnnp_deconvolution2d_desc& d = plan->desc;
  const uint64_t inputs =
      uint64_t{binding.batch_size} * binding.input_pixels() * d.groups * d.group_input_channels;
  info->input_bytes = inputs;
  info->output_bytes = uint64_t{binding.batch_size} * binding.output_pixels() * d.groups *
                       d.group_output_channels * element_bytes(plan->output.kind);
  info->macs = inputs * d.kernel_height * d.kernel_width * d.group_output_channels;
}

struct OutputSide {
  size_t input;
  uint32_t stride, adjustment, kernel, dilation, before, after;
};

// stride * (input - 1) + adjustment + (kernel - 1) * dilation + 1 - (before + after), or invalid
// when that is less than 1. What cannot be addressed gives SIZE_MAX, which check_extent refuses.
Status output_side(const OutputSide& s, const char* name, size_t* output) {
  const CheckedSize all = CheckedSize(s.input - 1) * s.stride + s.adjustment +
                          CheckedSize(s.kernel - 1) * s.dilation + 1;
  const CheckedSize cut = CheckedSize(s.before) + s.after;
  *output = SIZE_MAX;
  if (!all.valid()) return qnnp_status_success;
  if (!cut.valid() || cut.value() >= all.value()) {
    return fail(qnnp_status_invalid_parameter,
                "%s is %u: with an input of %zu the output has %zu pixels, fewer than the padding "
                "of %u + %u takes away and 1",
                name, s.kernel, s.input, all.value(), s.before, s.after);
  }
  *output = all.value() - cut.value();
  return qnnp_status_success;
}

Status Deconvolution::bind(Binding to) {
  const qnnp_deconvolution2d_desc& d = plan->desc;
  QNNP_TRY(output_side({to.input_height, d.stride_height, d.adjustment_height, d.kernel_height,
                        d.dilation_height, d.input_padding_top, d.input_padding_bottom},
                       "kernel_height", &to.output_height));
  QNNP_TRY(output_side({to.input_width, d.stride_width, d.adjustment_width, d.kernel_width,
                        d.dilation_width, d.input_padding_left, d.input_padding_right},
                       "kernel_width", &to.output_width));
  QNNP_TRY(check_layout(to.input, d.groups * d.group_input_channels, to.input_stride, "input"));
  QNNP_TRY(check_layout(to.output, d.groups * d.group_output_channels, to.output_stride, "output"));
  QNNP_TRY(check_extent(CheckedSize(to.batch_size) * to.input_height * to.input_width,
                        to.input_stride, "input"));
  // A step of a class is up to a whole row.
  QNNP_TRY(check_extent((CheckedSize(to.batch_size) * to.output_height * to.output_width +
                         CheckedSize(d.stride_width)) *
                            element_bytes(plan->output.kind),
                        to.output_stride, "output"));
  binding = to;
  state = State::bound;
  return qnnp_status_success;
}

Status check_geometry(const qnnp_deconvolution2d_desc& d) {
  QNNP_TRY(check_nonzero(d.kernel_height, "kernel_height"));
  QNNP_TRY(check_nonzero(d.kernel_width, "kernel_width"));
  QNNP_TRY(check_nonzero(d.stride_height, "stride_height"));
  QNNP_TRY(check_nonzero(d.stride_width, "stride_width"));
  QNNP_TRY(check_nonzero(d.dilation_height, "dilation_height"));
  QNNP_TRY(check_nonzero(d.dilation_width, "dilation_width"));
  QNNP_TRY(check_nonzero(d.groups, "groups"));
  QNNP_TRY(check_nonzero(d.group_input_channels, "group_input_channels"));
  return check_nonzero(d.group_output_channels, "group_output_channels");
}

qnnp_deconvolution2d_desc with_defaults(qnnp_deconvolution2d_desc d) {
  zeros_to_one(d.kernel_height, d.kernel_width, d.stride_height, d.stride_width, d.dilation_height,
               d.dilation_width, d.groups);
  return d;
}

Status make_problem(const qnnp_deconvolution2d_desc& d, Form form, WeightProblem* problem) {
  QNNP_TRY(check_byte_type(d.input_type, "input_type"));
  QNNP_TRY(read_weights(weight_fields(d), form, problem));
  const CheckedSize depth = CheckedSize(d.kernel_height) * d.kernel_width * d.group_input_channels;
  const CheckedSize reach_y = CheckedSize(d.kernel_height) * d.dilation_height;
  const CheckedSize reach_x = CheckedSize(d.kernel_width) * d.dilation_width;
  if (!depth.valid() || !reach_y.valid() || !reach_x.valid()) {
    return fail(qnnp_status_unsupported_parameter,
                "kernel: %u x %u taps of %zu channels, dilation %u x %u, are more than can be "
                "addressed",
                d.kernel_height, d.kernel_width, d.group_input_channels, d.dilation_height,
                d.dilation_width);
  }
  problem->groups = d.groups;
  problem->group_output_channels = d.group_output_channels;
  problem->depth = depth.value();
  return check_weight_sizes(*problem);
}

}  // namespace

Status create_deconvolution(const qnnp_deconvolution2d_desc& description, Form form,
                            Operator** out) {
  qnnp_deconvolution2d_desc desc =
      form == Form::description ? with_defaults(description) : description;
  QNNP_TRY(check_geometry(desc));
  WeightProblem problem;
  QNNP_TRY(make_problem(desc, form, &problem));
  desc.kernel = nullptr;  // the caller's; the problem has them
  desc.bias = nullptr;
  desc.kernel_scales = desc.float_bias = nullptr;
  const Shared<DeconvolutionPlan> plan(new DeconvolutionPlan(desc, problem));
  if (!plan) return fail_memory("deconvolution operator", sizeof(DeconvolutionPlan));
  QNNP_TRY(plan->prepare(problem));
  *out = new Deconvolution(plan);
  return *out == nullptr ? fail_memory("deconvolution operator", sizeof(Deconvolution))
                         : qnnp_status_success;
}

Status setup_deconvolution(Operator* op, size_t batch_size, size_t input_height, size_t input_width,
                           const void* input, size_t input_stride, void* output,
                           size_t output_stride) {
  bool done = false;
  QNNP_TRY(begin_setup(op, OperatorType::deconvolution, batch_size, &done));
  if (done) return qnnp_status_success;
  QNNP_TRY(check_nonzero(input_height, "input_height"));
  QNNP_TRY(check_nonzero(input_width, "input_width"));
  return static_cast<Deconvolution*>(op)->bind({batch_size, input_height, input_width, 0, 0,
                                                static_cast<const uint8_t*>(input), input_stride,
                                                static_cast<uint8_t*>(output), output_stride});
}

}  // namespace qnnp
