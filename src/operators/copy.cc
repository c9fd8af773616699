// SPDX-License-Identifier: BSD-3-Clause
#include "operators/copy.h"

#include "operators/move.h"

namespace qnnp {
namespace {

struct Copy : MoveOperator {
  explicit Copy(const qnnp_copy_desc& description)
      : MoveOperator(OperatorType::copy, nullptr), desc(description) {}
  Operator* clone() const override { return new Copy(desc); }

  const qnnp_copy_desc desc;
};

}  // namespace

Status create_copy(const qnnp_copy_desc& desc, Operator** out) {
  QNNP_TRY(check_nonzero(desc.channels, "channels"));
  QNNP_TRY(check_flags(desc.flags));
  *out = new Copy(desc);
  return *out == nullptr ? fail_memory("copy operator", sizeof(Copy)) : qnnp_status_success;
}

Status setup_copy(Operator* op, size_t batch_size, const void* input, size_t input_stride,
                  void* output, size_t output_stride) {
  bool done = false;
  QNNP_TRY(begin_setup(op, OperatorType::copy, batch_size, &done));
  if (done) return qnnp_status_success;
  Copy& copy = static_cast<Copy&>(*op);
  const size_t channels = copy.desc.channels;
  QNNP_TRY(check_layout(input, channels, input_stride, "input"));
  QNNP_TRY(check_layout(output, channels, output_stride, "output"));
  QNNP_TRY(check_extent(batch_size, input_stride, "input"));
  QNNP_TRY(check_extent(batch_size, output_stride, "output"));
  Move move;
  move.add(batch_size, input_stride, output_stride);
  move.add(channels, 1, 1);
  move.finish();
  copy.bind(move, input, output);
  return qnnp_status_success;
}

}  // namespace qnnp
