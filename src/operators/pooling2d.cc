// SPDX-License-Identifier: BSD-3-Clause
#include "operators/pooling2d.h"

#include "operators/cut.h"
#include "operators/output_size.h"
#include "operators/select.h"
#include "u8maxpool/u8maxpool.h"

namespace qnnp {
namespace {

struct Binding {
  size_t batch_size = 0, input_height = 0, input_width = 0;
  size_t output_height = 0, output_width = 0;
  const uint8_t* input = nullptr;
  size_t input_stride = 0;
  uint8_t* output = nullptr;
  size_t output_stride = 0;

  CheckedSize input_pixels() const { return CheckedSize(batch_size) * input_height * input_width; }
  CheckedSize output_pixels() const {
    return CheckedSize(batch_size) * output_height * output_width;
  }
};

struct Pooling2d : Operator {
  explicit Pooling2d(const Pooling2dDesc& description)
      : Operator(description.largest ? OperatorType::max_pooling : OperatorType::average_pooling),
        desc(description),
        average(best_kernel(q8avgpool_kernels())),
        largest(best_kernel(u8maxpool_kernels())) {
    if (desc.largest) {
      name_kernel(name, "u8maxpool", largest->name);
    } else {
      name_kernel(name, "q8avgpool", average->name);
    }
  }

  void run(pthreadpool_t pool) const override;
  Operator* clone() const override { return new Pooling2d(desc); }
  void describe(qnnp_operator_info* info) const override;

  void run_pixels(size_t first, size_t count, size_t channel, size_t channels) const;
  void run_row(const WindowRow& row, size_t window_begin) const;
  void run_means(WindowRow row, size_t divisor_rows) const;

  size_t divisor_rows(size_t window_begin) const {
    return divisor_taps(window_begin, desc.pooling_height, desc.dilation_height, desc.padding_top,
                        binding.input_height, desc.padding_bottom);
  }
  size_t divisor_columns(size_t window_begin) const {
    return divisor_taps(window_begin, desc.pooling_width, desc.dilation_width, desc.padding_left,
                        binding.input_width, desc.padding_right);
  }
  // Taps that count in a mean's divisor: never those beyond the padding, where only a window of
  // ceil_mode ends.
  size_t divisor_taps(size_t begin, size_t size, size_t dilation, size_t before, size_t input,
                      size_t after) const {
    const size_t image_end = before + input;
    return desc.exclude_padding ? taps_inside(begin, size, dilation, before, image_end).count
                                : taps_inside(begin, size, dilation, 0, image_end + after).count;
  }

  const Pooling2dDesc desc;
  const AvgPoolKernel* const average;
  const MaxPoolKernel* const largest;
  char name[32];
  Binding binding;
};

// Output pixels first .. first + count of all images in one row, cut where output rows end.
void Pooling2d::run_pixels(size_t first, size_t count, size_t channel, size_t channels) const {
  const Binding& b = binding;
  const size_t row_stride = b.input_width * b.input_stride;
  while (count != 0) {
    const size_t output_row = first / b.output_width, column = first % b.output_width;
    const size_t image = output_row / b.output_height, y = output_row % b.output_height;
    const size_t pixels = min(count, b.output_width - column);
    // In rows of the padded image.
    const size_t begin = y * desc.stride_height;
    const Taps taps = taps_inside(begin, desc.pooling_height, desc.dilation_height,
                                  desc.padding_top, desc.padding_top + b.input_height);
    size_t input_row = image * b.input_height;
    if (taps.count != 0) input_row += begin + taps.first * desc.dilation_height - desc.padding_top;
    run_row({b.input + input_row * row_stride + channel, taps.count, b.input_width, b.input_stride,
             row_stride * desc.dilation_height, desc.pooling_width, desc.stride_width,
             desc.dilation_width, desc.padding_left, column, pixels, channels,
             b.output + first * b.output_stride + channel, b.output_stride},
            begin);
    first += pixels;
    count -= pixels;
  }
}

void Pooling2d::run_row(const WindowRow& row, size_t window_begin) const {
  if (desc.largest) {
    largest->run({row, {desc.mean.flip, desc.mean.output_min, desc.mean.output_max}});
  } else {
    run_means(row, divisor_rows(window_begin));
  }
}

// Pixels with the same divisor at once: all, unless the divisor depends on the place.
void Pooling2d::run_means(WindowRow row, size_t divisor_rows) const {
  const bool varies = desc.ceil_mode || desc.exclude_padding;
  for (size_t left = row.count; left != 0; left -= row.count) {
    const size_t columns = divisor_columns(row.first * desc.stride_width);
    row.count = varies ? 1 : left;
    while (row.count != left &&
           columns == divisor_columns((row.first + row.count) * desc.stride_width)) {
      row.count++;
    }
    // A window of padding only has the mean 0, whatever the divisor.
    const Mean mean = make_mean(desc.mean, max<size_t>(divisor_rows * columns, 1));
    average->run({row, &mean});
    row.first += row.count;
    row.output += row.count * row.output_stride;
  }
}

void Pooling2d::run(pthreadpool_t pool) const {
  constexpr size_t kChannelUnit = 64;  // a cache line
  const size_t pixels = binding.output_pixels().value(), channels = desc.mean.channels;
  const size_t area = size_t{desc.pooling_height} * desc.pooling_width;
  const Cut cut =
      make_cut(pixels, channels, max<size_t>(area, 1), kChannelUnit, thread_count(pool));
  for_each_task(pool, cut, pixels, channels,
                [this](size_t first, size_t count, size_t channel, size_t some) {
                  run_pixels(first, count, channel, some);
                });
}

void Pooling2d::describe(qnnp_operator_info* info) const {
  info->kernel = name;
  info->reason = kBestIsa;
  if (state != State::bound) return;
  info->input_bytes = uint64_t{binding.input_pixels().value()} * desc.mean.channels;
  info->output_bytes = uint64_t{binding.output_pixels().value()} * desc.mean.channels;
}

Status check_window(const Pooling2dDesc& d) {
  QNNP_TRY(check_nonzero(d.pooling_height, "pooling_height"));
  QNNP_TRY(check_nonzero(d.pooling_width, "pooling_width"));
  if (d.pooling_height == 1 && d.pooling_width == 1 && d.stride_height == 1 &&
      d.stride_width == 1) {
    return fail(qnnp_status_invalid_parameter,
                "pooling_height and pooling_width are 1 with a stride of 1: such a window does "
                "nothing, one of them or of the strides must be larger");
  }
  QNNP_TRY(check_nonzero(d.stride_height, "stride_height"));
  QNNP_TRY(check_nonzero(d.stride_width, "stride_width"));
  QNNP_TRY(check_nonzero(d.dilation_height, "dilation_height"));
  return check_nonzero(d.dilation_width, "dilation_width");
}

Status check_area(const Pooling2dDesc& d) {
  const uint64_t area = uint64_t{d.pooling_height} * d.pooling_width;
  if (area >= 1 << 24) {
    return fail(qnnp_status_unsupported_parameter,
                "pooling_height * pooling_width is %llu: it must be below 16777216",
                static_cast<unsigned long long>(area));
  }
  return check_sum(d.mean, area, "pooling_height * pooling_width");
}

Status translate(const qnnp_pooling2d_desc& d, Pooling2dDesc* out) {
  MeanDesc mean;
  QNNP_TRY(unsigned_mean(d, d.channels, &mean));
  *out = {d.operation == qnnp_reduction_max,
          d.input_padding_top,
          d.input_padding_right,
          d.input_padding_bottom,
          d.input_padding_left,
          or_one(d.pooling_height),
          or_one(d.pooling_width),
          or_one(d.stride_height),
          or_one(d.stride_width),
          or_one(d.dilation_height),
          or_one(d.dilation_width),
          mean,
          d.ceil_mode,
          d.exclude_padding};
  return qnnp_status_success;
}

}  // namespace

Status create_pooling2d(const Pooling2dDesc& desc, Operator** out) {
  QNNP_TRY(check_window(desc));
  if (desc.largest) {
    QNNP_TRY(check_tensors(desc.mean));
  } else {
    QNNP_TRY(check_mean(desc.mean));
    QNNP_TRY(check_area(desc));
  }
  Pooling2dDesc plan = desc;  // the dilation of a single tap has no effect, whatever it is
  if (plan.pooling_height == 1) plan.dilation_height = 1;
  if (plan.pooling_width == 1) plan.dilation_width = 1;
  *out = new Pooling2d(plan);
  return *out == nullptr ? fail_memory("pooling operator", sizeof(Pooling2d)) : qnnp_status_success;
}

Status create_pooling2d(const qnnp_pooling2d_desc& desc, Operator** out) {
  Pooling2dDesc translated;
  QNNP_TRY(translate(desc, &translated));
  return create_pooling2d(translated, out);
}

Status setup_pooling2d(Operator* op, OperatorType type, size_t batch_size, size_t input_height,
                       size_t input_width, const uint8_t* input, size_t input_stride,
                       uint8_t* output, size_t output_stride) {
  bool done = false;
  QNNP_TRY(begin_setup(op, type, batch_size, &done));
  if (done) return qnnp_status_success;
  Pooling2d& pooling = static_cast<Pooling2d&>(*op);
  const Pooling2dDesc& d = pooling.desc;
  QNNP_TRY(check_nonzero(input_height, "input_height"));
  QNNP_TRY(check_nonzero(input_width, "input_width"));
  QNNP_TRY(check_layout(input, d.mean.channels, input_stride, "input"));
  QNNP_TRY(check_layout(output, d.mean.channels, output_stride, "output"));
  Binding binding = {batch_size,   input_height, input_width,  0, 0, input,
                     input_stride, output,       output_stride};
  QNNP_TRY(pooling2d_output_size(d, input_height, input_width, &binding.output_height,
                                 &binding.output_width));
  QNNP_TRY(check_extent(binding.input_pixels(), input_stride, "input"));
  QNNP_TRY(check_extent(binding.output_pixels(), output_stride, "output"));
  pooling.binding = binding;
  pooling.state = Operator::State::bound;
  return qnnp_status_success;
}

Status pooling2d_output_size(const Pooling2dDesc& d, size_t input_height, size_t input_width,
                             size_t* output_height, size_t* output_width) {
  QNNP_TRY(output_size({input_height, d.padding_top, d.padding_bottom, d.pooling_height,
                        d.dilation_height, d.stride_height, d.ceil_mode},
                       "pooling_height", output_height));
  return output_size({input_width, d.padding_left, d.padding_right, d.pooling_width,
                      d.dilation_width, d.stride_width, d.ceil_mode},
                     "pooling_width", output_width);
}

Status pooling2d_output_size(const qnnp_pooling2d_desc& desc, size_t input_height,
                             size_t input_width, size_t* output_height, size_t* output_width) {
  Pooling2dDesc d;
  QNNP_TRY(translate(desc, &d));
  QNNP_TRY(check_window(d));
  QNNP_TRY(check_nonzero(input_height, "input_height"));
  QNNP_TRY(check_nonzero(input_width, "input_width"));
  QNNP_TRY(check_pointer(output_height, "output_height"));
  QNNP_TRY(check_pointer(output_width, "output_width"));
  size_t height, width;
  QNNP_TRY(pooling2d_output_size(d, input_height, input_width, &height, &width));
  QNNP_TRY(check_extent(height, 1, "output_height"));
  QNNP_TRY(check_extent(width, 1, "output_width"));
  *output_height = height;
  *output_width = width;
  return qnnp_status_success;
}

}  // namespace qnnp
