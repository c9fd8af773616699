// SPDX-License-Identifier: BSD-3-Clause
#include "operators/global_average_pooling.h"

#include "operators/cut.h"
#include "operators/select.h"
#include "q8gavgpool/q8gavgpool.h"

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

struct GlobalAveragePooling : Operator {
  GlobalAveragePooling(const MeanDesc& description, const GlobalAvgPoolKernel* chosen)
      : Operator(OperatorType::global_average_pooling), desc(description), kernel(chosen) {
    name_kernel(name, "q8gavgpool", kernel->name);
  }

  void run(pthreadpool_t pool) const override;
  Operator* clone() const override { return new GlobalAveragePooling(desc, kernel); }
  void describe(qnnp_operator_info* info) const override;

  const MeanDesc desc;
  const GlobalAvgPoolKernel* const kernel;
  char name[32];
  Binding binding;
};

void GlobalAveragePooling::run(pthreadpool_t pool) const {
  constexpr size_t kChannelUnit = 64;  // a cache line
  const Binding& b = binding;
  const Cut cut = make_cut(b.batch_size, desc.channels, b.width, kChannelUnit, thread_count(pool));
  for_each_task(pool, cut, b.batch_size, desc.channels,
                [&](size_t first, size_t count, size_t channel, size_t channels) {
                  for (size_t image = first; image != first + count; image++) {
                    kernel->run({b.input + image * b.width * b.input_stride + channel, b.width,
                                 b.input_stride, channels,
                                 b.output + image * b.output_stride + channel, &b.mean});
                  }
                });
}

void GlobalAveragePooling::describe(qnnp_operator_info* info) const {
  info->kernel = name;
  info->reason = kBestIsa;
  if (state != State::bound) return;
  info->output_bytes = uint64_t{binding.batch_size} * desc.channels;
  info->input_bytes = info->output_bytes * binding.width;
}

}  // namespace

Status create_global_average_pooling(const MeanDesc& desc, Operator** out) {
  QNNP_TRY(check_mean(desc));
  *out = new GlobalAveragePooling(desc, best_kernel(q8gavgpool_kernels()));
  return *out == nullptr
             ? fail_memory("global average pooling operator", sizeof(GlobalAveragePooling))
             : qnnp_status_success;
}

Status setup_global_average_pooling(Operator* op, size_t batch_size, size_t width,
                                    const uint8_t* input, size_t input_stride, uint8_t* output,
                                    size_t output_stride) {
  bool done = false;
  QNNP_TRY(begin_setup(op, OperatorType::global_average_pooling, batch_size, &done));
  if (done) return qnnp_status_success;
  GlobalAveragePooling& pooling = static_cast<GlobalAveragePooling&>(*op);
  QNNP_TRY(check_nonzero(width, "width"));
  QNNP_TRY(check_layout(input, pooling.desc.channels, input_stride, "input"));
  QNNP_TRY(check_layout(output, pooling.desc.channels, output_stride, "output"));
  QNNP_TRY(check_extent(CheckedSize(batch_size) * width, input_stride, "input"));
  QNNP_TRY(check_extent(batch_size, output_stride, "output"));
  QNNP_TRY(check_sum(pooling.desc, width, "width"));
  pooling.binding = {batch_size,
                     width,
                     input,
                     input_stride,
                     output,
                     output_stride,
                     make_mean(pooling.desc, width)};
  pooling.state = Operator::State::bound;
  return qnnp_status_success;
}

}  // namespace qnnp
