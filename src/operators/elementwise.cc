// SPDX-License-Identifier: BSD-3-Clause
#include "operators/elementwise.h"

#include "operators/cut.h"
#include "operators/select.h"

namespace qnnp {

Elementwise::Elementwise(OperatorType operator_type, size_t channel_count, int operands,
                         const ElementwiseTensor* tensor_list, bool depends_on_channel)
    : Operator(operator_type),
      channels(channel_count),
      count(operands),
      per_channel(depends_on_channel) {
  for (int i = 0; i < count; i++) tensors[i] = tensor_list[i];
}

bool Elementwise::dense() const {
  if (per_channel) return false;
  for (int i = 0; i < count; i++) {
    if (binding.stride[i] != channels) return false;
  }
  return true;
}

void Elementwise::run(pthreadpool_t pool) const {
  constexpr size_t kUnit = 64;
  size_t element_bytes = 0;
  for (int i = 0; i < count; i++) element_bytes += tensors[i].element_bytes;
  const NcShape shape = nc_shape(batch, channels, dense());
  const Cut cut = make_cut(shape.rows, shape.n, element_bytes, kUnit, thread_count(pool));
  for_each_task(pool, cut, shape.rows, shape.n,
                [&](size_t row, size_t rows, size_t column, size_t n) {
                  ElementwiseBinding part = binding;
                  for (int i = 0; i < count; i++) {
                    part.data[i] += (row * part.stride[i] + column) * tensors[i].element_bytes;
                  }
                  compute(part, rows, n, column);
                });
}

void Elementwise::describe(qnnp_operator_info* info) const {
  info->kernel = kernel_name;
  info->reason = kBestIsa;
  if (state != State::bound) return;
  for (int i = 0; i + 1 < count; i++) {
    const uint64_t rows = binding.stride[i] == 0 ? 1 : batch;
    info->input_bytes += rows * channels * tensors[i].element_bytes;
  }
  info->output_bytes = uint64_t{batch} * channels * tensors[count - 1].element_bytes;
}

Status Elementwise::bind(size_t batch_size, const ElementwiseBinding& to) {
  for (int i = 0; i < count; i++) {
    const bool repeated = repeats[i] && to.stride[i] == 0;
    QNNP_TRY(
        check_layout(to.data[i], channels, repeated ? channels : to.stride[i], tensors[i].name));
  }
  for (int i = 0; i < count; i++) {
    QNNP_TRY(check_extent(CheckedSize(batch_size) * tensors[i].element_bytes, to.stride[i],
                          tensors[i].name));
  }
  batch = batch_size;
  binding = to;
  state = State::bound;
  return qnnp_status_success;
}

Status setup_elementwise(Operator* op, OperatorType type, size_t batch_size,
                         const ElementwiseBinding& tensors) {
  bool done = false;
  QNNP_TRY(begin_setup(op, type, batch_size, &done));
  if (done) return qnnp_status_success;
  return static_cast<Elementwise*>(op)->bind(batch_size, tensors);
}

Status setup_unary(Operator* op, OperatorType type, size_t batch_size, const void* input,
                   size_t input_stride, void* output, size_t output_stride) {
  uint8_t* const from = const_cast<uint8_t*>(static_cast<const uint8_t*>(input));
  return setup_elementwise(
      op, type, batch_size,
      {{from, static_cast<uint8_t*>(output), nullptr}, {input_stride, output_stride, 0}});
}

}  // namespace qnnp
