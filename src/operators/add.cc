// SPDX-License-Identifier: BSD-3-Clause
#include "operators/add.h"

#include "operators/cut.h"
#include "operators/select.h"
#include "q8vadd/params.h"

namespace qnnp {
namespace {

struct Binding {
  size_t batch_size = 0;
  const uint8_t* a = nullptr;
  size_t a_stride = 0;
  const uint8_t* b = nullptr;
  size_t b_stride = 0;
  uint8_t* sum = nullptr;
  size_t sum_stride = 0;
};

struct Add : Operator {
  Add(size_t channel_count, const AddParams& parameters, const AddKernel* chosen)
      : Operator(OperatorType::add), channels(channel_count), params(parameters), kernel(chosen) {
    name_kernel(name, "q8vadd", kernel->name);
  }

  void run(pthreadpool_t pool) const override;
  Operator* clone() const override { return new Add(channels, params, kernel); }
  void describe(qnnp_operator_info* info) const override;

  const size_t channels;
  const AddParams params;
  const AddKernel* const kernel;
  char name[32];
  Binding binding;
};

void Add::run(pthreadpool_t pool) const {
  constexpr size_t kReadBytes = 2, kUnit = 64;
  const Binding& t = binding;
  const bool dense = t.a_stride == channels && t.b_stride == channels && t.sum_stride == channels;
  const NcShape shape = nc_shape(t.batch_size, channels, dense);
  const Cut cut = make_cut(shape.rows, shape.n, kReadBytes, kUnit, thread_count(pool));
  for_each_task(pool, cut, shape.rows, shape.n,
                [&](size_t row, size_t rows, size_t column, size_t n) {
                  kernel->run({rows, n, t.a + row * t.a_stride + column, t.a_stride,
                               t.b + row * t.b_stride + column, t.b_stride,
                               t.sum + row * t.sum_stride + column, t.sum_stride, &params});
                });
}

void Add::describe(qnnp_operator_info* info) const {
  info->kernel = name;
  info->reason = kBestIsa;
  if (state != State::bound) return;
  info->output_bytes = uint64_t{binding.batch_size} * channels;
  info->input_bytes = 2 * info->output_bytes;
}

}  // namespace

Status create_add(const AddDesc& desc, Operator** out) {
  QNNP_TRY(check_nonzero(desc.channels, "channels"));
  QNNP_TRY(check_scale(desc.a_scale, "a_scale"));
  QNNP_TRY(check_scale(desc.b_scale, "b_scale"));
  QNNP_TRY(check_scale(desc.sum_scale, "sum_scale"));
  if (desc.sum_min >= desc.sum_max) {
    return fail(qnnp_status_invalid_parameter,
                "sum_min is %u: it must be below sum_max, which is %u", desc.sum_min, desc.sum_max);
  }
  QNNP_TRY(check_flags(desc.flags));
  QNNP_TRY(check_ratio(desc.a_scale, desc.sum_scale, 0x1p-14, 0x1p+8, "a_scale / sum_scale"));
  QNNP_TRY(check_ratio(desc.b_scale, desc.sum_scale, 0x1p-14, 0x1p+8, "b_scale / sum_scale"));
  AddParams params =
      add_params(desc.a_zero_point, desc.a_scale, desc.b_zero_point, desc.b_scale, desc.sum_scale);
  params.zero_point = desc.sum_zero_point;
  params.min = desc.sum_min;
  params.max = desc.sum_max;
  *out = new Add(desc.channels, params, best_kernel(q8vadd_kernels()));
  return *out == nullptr ? fail_memory("add operator", sizeof(Add)) : qnnp_status_success;
}

Status setup_add(Operator* op, size_t batch_size, const uint8_t* a, size_t a_stride,
                 const uint8_t* b, size_t b_stride, uint8_t* sum, size_t sum_stride) {
  bool done = false;
  QNNP_TRY(begin_setup(op, OperatorType::add, batch_size, &done));
  if (done) return qnnp_status_success;
  Add& add = static_cast<Add&>(*op);
  QNNP_TRY(check_layout(a, add.channels, a_stride, "a"));
  QNNP_TRY(check_layout(b, add.channels, b_stride, "b"));
  QNNP_TRY(check_layout(sum, add.channels, sum_stride, "sum"));
  QNNP_TRY(check_extent(batch_size, a_stride, "a"));
  QNNP_TRY(check_extent(batch_size, b_stride, "b"));
  QNNP_TRY(check_extent(batch_size, sum_stride, "sum"));
  add.binding = {batch_size, a, a_stride, b, b_stride, sum, sum_stride};
  add.state = Operator::State::bound;
  return qnnp_status_success;
}

}  // namespace qnnp
