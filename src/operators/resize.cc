// SPDX-License-Identifier: BSD-3-Clause
#include "operators/resize.h"

#include "operators/copy_run.h"
#include "operators/cut.h"
#include "operators/select.h"
#include "operators/typed.h"
#include "q8resize/q8resize.h"

namespace qnnp {
namespace {

struct Resize : Operator {
  Resize(const qnnp_resize2d_desc& description, const ResizeKernel* chosen)
      : Operator(OperatorType::resize), desc(description), kernel(chosen) {
    if (nearest()) {
      name_kernel(kernel_name, "memcpy", "of pixels");
    } else {
      name_kernel(kernel_name, "q8resize", kernel->name);
    }
  }

  void run(pthreadpool_t pool) const override;
  Operator* clone() const override { return new Resize(desc, kernel); }
  void describe(qnnp_operator_info* info) const override;

  bool nearest() const { return desc.mode == qnnp_resize_nearest; }
  const ResizeTap* rows() const { return reinterpret_cast<const ResizeTap*>(taps.data()); }
  const ResizeTap* columns() const { return rows() + binding.output_height; }
  void run_row(size_t row, size_t column, size_t pixels) const;

  const qnnp_resize2d_desc desc;
  const ResizeKernel* const kernel;
  char kernel_name[32];
  ResizeBinding binding;
  Buffer taps;          // of the output's rows, then of its columns
  bool coarse = false;  // all their fractions are multiples of 2^-7
};

// Pixels of one output row of all images.
void Resize::run_row(size_t row, size_t column, size_t pixels) const {
  const ResizeBinding& b = binding;
  const ResizeTap tap = rows()[row % b.output_height];
  const size_t image_bytes = b.input_height * b.input_width * b.input_stride;
  const uint8_t* image = b.input + row / b.output_height * image_bytes;
  uint8_t* output = b.output + (row * b.output_width + column) * b.output_stride;
  const ResizeTap* const from = columns() + column;
  if (!nearest()) {
    kernel->run({pixels, desc.channels, image + tap.low, image + tap.high, from, tap.fraction,
                 coarse, flip_of(desc.type), output, b.output_stride});
    return;
  }
  const size_t channels = desc.channels, stride = b.output_stride;
  for (size_t i = 0; i < pixels; i++) {
    copy_run(image + tap.low + from[i].low, output + i * stride, channels);
  }
}

void Resize::run(pthreadpool_t pool) const {
  constexpr size_t kUnit = 16;
  const size_t row_count = binding.batch_size * binding.output_height;
  const Cut cut =
      make_cut(row_count, binding.output_width, desc.channels, kUnit, thread_count(pool));
  for_each_task(pool, cut, row_count, binding.output_width,
                [this](size_t row, size_t count, size_t column, size_t pixels) {
                  for (size_t i = row; i < row + count; i++) run_row(i, column, pixels);
                });
}

void Resize::describe(qnnp_operator_info* info) const {
  info->kernel = kernel_name;
  info->reason = kBestIsa;
  if (state != State::bound) return;
  const ResizeBinding& b = binding;
  const uint64_t image = uint64_t{b.batch_size} * desc.channels;
  info->input_bytes = image * b.input_height * b.input_width;
  info->output_bytes = image * b.output_height * b.output_width;
}

// Pixel i of `output` lies at numerator / denominator of `input` pixels.
struct Position {
  uint64_t numerator, denominator;
};

Position position(uint64_t i, uint64_t input, uint64_t output, enum qnnp_resize_coordinates rule) {
  switch (rule) {
    case qnnp_resize_asymmetric:
      return {i * input, output};
    case qnnp_resize_half_pixel: {
      const uint64_t doubled = (2 * i + 1) * input;
      return {doubled - min(doubled, output), 2 * output};
    }
    case qnnp_resize_align_corners:
      if (output > 1) return {i * (input - 1), output - 1};
      break;
  }
  return {0, 1};
}

// One direction; `pitch` is the distance of two input pixels in it. True if all fractions are
// coarse.
bool make_taps(const qnnp_resize2d_desc& desc, size_t input, size_t output, size_t pitch,
               ResizeTap* taps) {
  bool coarse = true;
  for (size_t i = 0; i < output; i++) {
    const Position x = position(i, input, output, desc.coordinates);
    uint64_t low = x.numerator / x.denominator, rest = x.numerator % x.denominator;
    if (low >= input - 1) {
      low = input - 1;
      rest = 0;
    }
    if (desc.mode == qnnp_resize_nearest) {
      const bool upper = desc.coordinates != qnnp_resize_asymmetric && 2 * rest >= x.denominator;
      low += upper;
      rest = 0;
    }
    const size_t offset = static_cast<size_t>(low) * pitch;
    taps[i] = {offset, rest == 0 ? offset : offset + pitch,
               static_cast<double>(rest) / static_cast<double>(x.denominator)};
    coarse = coarse && rest * 128 % x.denominator == 0;
  }
  return coarse;
}

Status check_size(size_t size, const char* name) {
  if (size <= INT32_MAX) return qnnp_status_success;
  return fail(qnnp_status_unsupported_parameter, "%s is %zu: it must be below 2147483648", name,
              size);
}

Status check_binding(const qnnp_resize2d_desc& desc, const ResizeBinding& b) {
  QNNP_TRY(check_nonzero(b.input_height, "input_height"));
  QNNP_TRY(check_nonzero(b.input_width, "input_width"));
  QNNP_TRY(check_nonzero(b.output_height, "output_height"));
  QNNP_TRY(check_nonzero(b.output_width, "output_width"));
  QNNP_TRY(check_layout(b.input, desc.channels, b.input_stride, "input"));
  QNNP_TRY(check_layout(b.output, desc.channels, b.output_stride, "output"));
  QNNP_TRY(check_size(b.input_height, "input_height"));
  QNNP_TRY(check_size(b.input_width, "input_width"));
  QNNP_TRY(check_size(b.output_height, "output_height"));
  QNNP_TRY(check_size(b.output_width, "output_width"));
  QNNP_TRY(check_extent(CheckedSize(b.batch_size) * b.input_height * b.input_width, b.input_stride,
                        "input"));
  return check_extent(CheckedSize(b.batch_size) * b.output_height * b.output_width, b.output_stride,
                      "output");
}

bool same_taps(const ResizeBinding& a, const ResizeBinding& b) {
  return a.input_height == b.input_height && a.input_width == b.input_width &&
         a.output_height == b.output_height && a.output_width == b.output_width &&
         a.input_stride == b.input_stride;
}

}  // namespace

Status create_resize(const qnnp_resize2d_desc& desc, Operator** out) {
  QNNP_TRY(check_nonzero(desc.channels, "channels"));
  if (desc.mode != qnnp_resize_nearest && desc.mode != qnnp_resize_bilinear) {
    return fail(qnnp_status_invalid_parameter,
                "mode is %d: it must be nearest (%d) or bilinear (%d)", static_cast<int>(desc.mode),
                qnnp_resize_nearest, qnnp_resize_bilinear);
  }
  if (desc.coordinates != qnnp_resize_asymmetric && desc.coordinates != qnnp_resize_half_pixel &&
      desc.coordinates != qnnp_resize_align_corners) {
    return fail(
        qnnp_status_invalid_parameter,
        "coordinates is %d: it must be asymmetric (%d), half pixel (%d) or align corners (%d)",
        static_cast<int>(desc.coordinates), qnnp_resize_asymmetric, qnnp_resize_half_pixel,
        qnnp_resize_align_corners);
  }
  QNNP_TRY(check_byte_type(desc.type, "type"));
  QNNP_TRY(check_flags(desc.flags));
  *out = new Resize(desc, best_kernel(q8resize_kernels()));
  return *out == nullptr ? fail_memory("resize operator", sizeof(Resize)) : qnnp_status_success;
}

Status setup_resize(Operator* op, const ResizeBinding& binding) {
  bool done = false;
  QNNP_TRY(begin_setup(op, OperatorType::resize, binding.batch_size, &done));
  if (done) return qnnp_status_success;
  Resize& resize = static_cast<Resize&>(*op);
  QNNP_TRY(check_binding(resize.desc, binding));
  if (!same_taps(resize.binding, binding)) {
    const CheckedSize bytes =
        (CheckedSize(binding.output_height) + binding.output_width) * sizeof(ResizeTap);
    if (!bytes.valid()) return fail_memory("resize tables", SIZE_MAX);
    Buffer buffer;
    QNNP_TRY(buffer.resize(bytes.value(), "resize tables"));
    ResizeTap* const rows = reinterpret_cast<ResizeTap*>(buffer.data());
    const size_t pitch = binding.input_stride;
    const bool coarse_rows = make_taps(resize.desc, binding.input_height, binding.output_height,
                                       binding.input_width * pitch, rows);
    const bool coarse_columns = make_taps(resize.desc, binding.input_width, binding.output_width,
                                          pitch, rows + binding.output_height);
    resize.coarse = coarse_rows && coarse_columns;
    resize.taps.swap(buffer);
  }
  resize.binding = binding;
  resize.state = Operator::State::bound;
  return qnnp_status_success;
}

}  // namespace qnnp
