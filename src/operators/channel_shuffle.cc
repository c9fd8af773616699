// SPDX-License-Identifier: BSD-3-Clause
#include "operators/channel_shuffle.h"

#include "operators/cut.h"
#include "operators/nc_binding.h"
#include "operators/select.h"
#include "x8zip/x8zip.h"

namespace qnnp {
namespace {

struct ChannelShuffle : Operator {
  ChannelShuffle(const ChannelShuffleDesc& description, const ZipKernel* chosen)
      : Operator(OperatorType::channel_shuffle), desc(description), kernel(chosen) {
    name_kernel(kernel_name, "x8zip", kernel->name);
  }

  void run(pthreadpool_t pool) const override;
  Operator* clone() const override { return new ChannelShuffle(desc, kernel); }
  void describe(qnnp_operator_info* info) const override {
    info->kernel = kernel_name;
    info->reason = "the number of groups, and the strongest instruction set of this processor";
    if (state == State::bound) binding.describe(channels(), info);
  }
  size_t channels() const { return desc.groups * desc.group_channels; }

  const ChannelShuffleDesc desc;
  const ZipKernel* const kernel;
  char kernel_name[32];
  NcBinding binding;
};

void ChannelShuffle::run(pthreadpool_t pool) const {
  constexpr size_t kUnit = 64;  // channels of every group
  const NcBinding& b = binding;
  const Cut cut =
      make_cut(b.batch_size, desc.group_channels, desc.groups, kUnit, thread_count(pool));
  for_each_task(
      pool, cut, b.batch_size, desc.group_channels,
      [&](size_t row, size_t rows, size_t channel, size_t n) {
        kernel->run({rows, desc.groups, n, desc.group_channels,
                     b.input + row * b.input_stride + channel, b.input_stride,
                     b.output + row * b.output_stride + channel * desc.groups, b.output_stride});
      });
}

}  // namespace

Status create_channel_shuffle(const ChannelShuffleDesc& desc, Operator** out) {
  if (desc.groups < 2) {
    return fail(qnnp_status_invalid_parameter, "groups is %zu: it must be at least 2", desc.groups);
  }
  QNNP_TRY(check_nonzero(desc.group_channels, "group_channels"));
  QNNP_TRY(check_flags(desc.flags));
  if (!(CheckedSize(desc.groups) * desc.group_channels).valid()) {
    return fail(qnnp_status_unsupported_parameter,
                "groups * group_channels is %zu * %zu: more channels than can be addressed",
                desc.groups, desc.group_channels);
  }
  const ZipKernel* kernel = best_kernel(x8zip_kernels(), [&](const ZipKernel& k) {
    return k.groups == 0 || k.groups == desc.groups;
  });
  *out = new ChannelShuffle(desc, kernel);
  return *out == nullptr ? fail_memory("channel shuffle operator", sizeof(ChannelShuffle))
                         : qnnp_status_success;
}

Status setup_channel_shuffle(Operator* op, size_t batch_size, const uint8_t* input,
                             size_t input_stride, uint8_t* output, size_t output_stride) {
  bool done = false;
  QNNP_TRY(begin_setup(op, OperatorType::channel_shuffle, batch_size, &done));
  if (done) return qnnp_status_success;
  ChannelShuffle& shuffle = static_cast<ChannelShuffle&>(*op);
  QNNP_TRY(shuffle.binding.bind(batch_size, shuffle.channels(), input, input_stride, output,
                                output_stride));
  shuffle.state = Operator::State::bound;
  return qnnp_status_success;
}

}  // namespace qnnp
