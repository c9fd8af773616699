// SPDX-License-Identifier: BSD-3-Clause
#include "operators/global_pooling.h"

#include "operators/cut.h"
#include "operators/select.h"
#include "q8gavgpool/q8gavgpool.h"
#include "u8maxpool/u8maxpool.h"

namespace qnnp {
namespace {

struct Binding {
  size_t batch_size = 0, width = 0;
  const uint8_t* input = nullptr;
  size_t input_stride = 0;
  uint8_t* output = nullptr;
  size_t output_stride = 0;
  Mean mean = {};  // its divisor is the width
};

struct GlobalPooling : Operator {
  GlobalPooling(bool wants_largest, const MeanDesc& description)
      : Operator(wants_largest ? OperatorType::global_max_pooling
                               : OperatorType::global_average_pooling),
        desc(description),
        average(best_kernel(q8gavgpool_kernels())),
        largest(best_kernel(u8maxpool_kernels())) {
    if (wants_largest) {
      name_kernel(name, "u8maxpool", largest->name);
    } else {
      name_kernel(name, "q8gavgpool", average->name);
    }
  }

  void run(pthreadpool_t pool) const override;
  Operator* clone() const override { return new GlobalPooling(is_max(), desc); }
  void describe(qnnp_operator_info* info) const override;

  bool is_max() const { return type == OperatorType::global_max_pooling; }
  void run_image(size_t image, size_t channel, size_t channels) const;

  const MeanDesc desc;
  const GlobalAvgPoolKernel* const average;
  const MaxPoolKernel* const largest;
  char name[32];
  Binding binding;
};

void GlobalPooling::run_image(size_t image, size_t channel, size_t channels) const {
  const Binding& b = binding;
  const uint8_t* input = b.input + image * b.width * b.input_stride + channel;
  uint8_t* output = b.output + image * b.output_stride + channel;
  if (is_max()) {
    // One window, as wide as the image.
    largest->run({{input, 1, b.width, b.input_stride, 0, b.width, 1, 1, 0, 0, 1, channels, output,
                   b.output_stride},
                  {desc.flip, desc.output_min, desc.output_max}});
  } else {
    average->run({input, b.width, b.input_stride, channels, output, &b.mean});
  }
}

void GlobalPooling::run(pthreadpool_t pool) const {
  constexpr size_t kChannelUnit = 64;  // a cache line
  const Cut cut =
      make_cut(binding.batch_size, desc.channels, binding.width, kChannelUnit, thread_count(pool));
  for_each_task(pool, cut, binding.batch_size, desc.channels,
                [this](size_t first, size_t count, size_t channel, size_t channels) {
                  for (size_t image = first; image != first + count; image++) {
                    run_image(image, channel, channels);
                  }
                });
}

void GlobalPooling::describe(qnnp_operator_info* info) const {
  info->kernel = name;
  info->reason = kBestIsa;
  if (state != State::bound) return;
  info->output_bytes = uint64_t{binding.batch_size} * desc.channels;
  info->input_bytes = info->output_bytes * binding.width;
}

}  // namespace

Status create_global_pooling(bool largest, const MeanDesc& desc, Operator** out) {
  QNNP_TRY(largest ? check_tensors(desc) : check_mean(desc));
  *out = new GlobalPooling(largest, desc);
  return *out == nullptr ? fail_memory("global pooling operator", sizeof(GlobalPooling))
                         : qnnp_status_success;
}

Status create_global_pooling(const qnnp_global_pooling_desc& desc, Operator** out) {
  MeanDesc mean;
  QNNP_TRY(unsigned_mean(desc, desc.channels, &mean));
  return create_global_pooling(desc.operation == qnnp_reduction_max, mean, out);
}

Status setup_global_pooling(Operator* op, OperatorType type, size_t batch_size, size_t width,
                            const uint8_t* input, size_t input_stride, uint8_t* output,
                            size_t output_stride) {
  bool done = false;
  QNNP_TRY(begin_setup(op, type, batch_size, &done));
  if (done) return qnnp_status_success;
  GlobalPooling& pooling = static_cast<GlobalPooling&>(*op);
  QNNP_TRY(check_nonzero(width, "width"));
  QNNP_TRY(check_layout(input, pooling.desc.channels, input_stride, "input"));
  QNNP_TRY(check_layout(output, pooling.desc.channels, output_stride, "output"));
  QNNP_TRY(check_extent(CheckedSize(batch_size) * width, input_stride, "input"));
  QNNP_TRY(check_extent(batch_size, output_stride, "output"));
  Binding binding = {batch_size, width, input, input_stride, output, output_stride, {}};
  if (!pooling.is_max()) {
    QNNP_TRY(check_sum(pooling.desc, width, "width"));
    binding.mean = make_mean(pooling.desc, width);
  }
  pooling.binding = binding;
  pooling.state = Operator::State::bound;
  return qnnp_status_success;
}

}  // namespace qnnp
