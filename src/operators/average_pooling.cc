// SPDX-License-Identifier: BSD-3-Clause
#include "operators/average_pooling.h"

#include "operators/cut.h"
#include "operators/output_size.h"
#include "operators/select.h"

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

struct AveragePooling : Operator {
  AveragePooling(const AveragePoolingDesc& description, const AvgPoolKernel* chosen)
      : Operator(OperatorType::average_pooling),
        desc(description),
        kernel(chosen),
        mean(make_mean(desc.mean, area())) {
    name_kernel(name, "q8avgpool", kernel->name);
  }

  void run(pthreadpool_t pool) const override;
  Operator* clone() const override { return new AveragePooling(desc, kernel); }
  void describe(qnnp_operator_info* info) const override;

  size_t area() const { return size_t{desc.pooling_height} * desc.pooling_width; }
  void run_pixels(size_t first, size_t count, size_t channel, size_t channels) const;

  const AveragePoolingDesc desc;
  const AvgPoolKernel* const kernel;
  const Mean mean;
  char name[32];
  Binding binding;
};

// Output pixels first .. first + count of all images in one row, cut where output rows end.
void AveragePooling::run_pixels(size_t first, size_t count, size_t channel, size_t channels) const {
  const Binding& b = binding;
  const size_t row_stride = b.input_width * b.input_stride;
  while (count != 0) {
    const size_t output_row = first / b.output_width, column = first % b.output_width;
    const size_t image = output_row / b.output_height, y = output_row % b.output_height;
    const size_t pixels = min(count, b.output_width - column);
    // In rows of the padded image.
    const size_t window_begin = y * desc.stride_height;
    const size_t begin = max<size_t>(window_begin, desc.padding_top);
    const size_t end = min(window_begin + desc.pooling_height, desc.padding_top + b.input_height);
    const bool inside = begin < end;
    const size_t input_row =
        image * b.input_height + (inside ? begin - desc.padding_top : size_t{0});
    kernel->run({b.input + input_row * row_stride + channel, inside ? end - begin : 0,
                 b.input_width, b.input_stride, row_stride, desc.pooling_width, desc.stride_width,
                 desc.padding_left, column, pixels, channels,
                 b.output + first * b.output_stride + channel, b.output_stride, &mean});
    first += pixels;
    count -= pixels;
  }
}

void AveragePooling::run(pthreadpool_t pool) const {
  constexpr size_t kChannelUnit = 64;  // a cache line
  const size_t pixels = binding.output_pixels().value(), channels = desc.mean.channels;
  const Cut cut = make_cut(pixels, channels, area(), kChannelUnit, thread_count(pool));
  for_each_task(pool, cut, pixels, channels,
                [this](size_t first, size_t count, size_t channel, size_t some) {
                  run_pixels(first, count, channel, some);
                });
}

void AveragePooling::describe(qnnp_operator_info* info) const {
  info->kernel = name;
  info->reason = kBestIsa;
  if (state != State::bound) return;
  info->input_bytes = uint64_t{binding.input_pixels().value()} * desc.mean.channels;
  info->output_bytes = uint64_t{binding.output_pixels().value()} * desc.mean.channels;
}

Status check_window(const AveragePoolingDesc& d) {
  QNNP_TRY(check_nonzero(d.pooling_height, "pooling_height"));
  QNNP_TRY(check_nonzero(d.pooling_width, "pooling_width"));
  if (d.pooling_height == 1 && d.pooling_width == 1 && d.stride_height == 1 &&
      d.stride_width == 1) {
    return fail(qnnp_status_invalid_parameter,
                "pooling_height and pooling_width are 1 with a stride of 1: such a window does "
                "nothing, one of them or of the strides must be larger");
  }
  QNNP_TRY(check_nonzero(d.stride_height, "stride_height"));
  return check_nonzero(d.stride_width, "stride_width");
}

Status check_area(const AveragePoolingDesc& d) {
  const uint64_t area = uint64_t{d.pooling_height} * d.pooling_width;
  if (area >= 1 << 24) {
    return fail(qnnp_status_unsupported_parameter,
                "pooling_height * pooling_width is %llu: it must be below 16777216",
                static_cast<unsigned long long>(area));
  }
  return check_sum(d.mean, area, "pooling_height * pooling_width");
}

}  // namespace

Status create_average_pooling(const AveragePoolingDesc& desc, Operator** out) {
  QNNP_TRY(check_window(desc));
  QNNP_TRY(check_mean(desc.mean));
  QNNP_TRY(check_area(desc));
  *out = new AveragePooling(desc, best_kernel(q8avgpool_kernels()));
  return *out == nullptr ? fail_memory("average pooling operator", sizeof(AveragePooling))
                         : qnnp_status_success;
}

Status setup_average_pooling(Operator* op, size_t batch_size, size_t input_height,
                             size_t input_width, const uint8_t* input, size_t input_stride,
                             uint8_t* output, size_t output_stride) {
  bool done = false;
  QNNP_TRY(begin_setup(op, OperatorType::average_pooling, batch_size, &done));
  if (done) return qnnp_status_success;
  AveragePooling& pooling = static_cast<AveragePooling&>(*op);
  const AveragePoolingDesc& d = pooling.desc;
  QNNP_TRY(check_nonzero(input_height, "input_height"));
  QNNP_TRY(check_nonzero(input_width, "input_width"));
  QNNP_TRY(check_layout(input, d.mean.channels, input_stride, "input"));
  QNNP_TRY(check_layout(output, d.mean.channels, output_stride, "output"));
  Binding binding = {batch_size,   input_height, input_width,  0, 0, input,
                     input_stride, output,       output_stride};
  QNNP_TRY(output_size(
      {input_height, d.padding_top, d.padding_bottom, d.pooling_height, 1, d.stride_height},
      "pooling_height", &binding.output_height));
  QNNP_TRY(output_size(
      {input_width, d.padding_left, d.padding_right, d.pooling_width, 1, d.stride_width},
      "pooling_width", &binding.output_width));
  QNNP_TRY(check_extent(binding.input_pixels(), input_stride, "input"));
  QNNP_TRY(check_extent(binding.output_pixels(), output_stride, "output"));
  pooling.binding = binding;
  pooling.state = Operator::State::bound;
  return qnnp_status_success;
}

}  // namespace qnnp
