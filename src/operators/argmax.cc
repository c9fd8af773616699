// SPDX-License-Identifier: BSD-3-Clause
#include "operators/argmax.h"

#include "operators/cut.h"
#include "operators/select.h"
#include "operators/typed.h"
#include "u8rmax/u8rmax.h"

namespace qnnp {
namespace {

struct Binding {
  size_t batch_size = 0;
  const uint8_t* input = nullptr;
  size_t input_stride = 0;
  uint8_t* output = nullptr;
  size_t output_stride = 0;  // bytes
};

struct Argmax : Operator {
  explicit Argmax(const qnnp_argmax_desc& description)
      : Operator(OperatorType::argmax),
        desc(description),
        index_bytes(desc.output_type == qnnp_datatype_int64 ? 8 : 4),
        largest(best_kernel(u8rmax_kernels())) {
    name_kernel(name, "u8rmax", largest->name);
  }

  void run(pthreadpool_t pool) const override;
  Operator* clone() const override { return new Argmax(desc); }
  void describe(qnnp_operator_info* info) const override;
  void run_row(size_t row) const;

  const qnnp_argmax_desc desc;
  const size_t index_bytes;
  const MaxKernel* const largest;
  char name[32];
  Binding binding;
};

// The largest byte, then the first one like it, which memchr finds with vectors, too.
void Argmax::run_row(size_t row) const {
  const uint8_t flip = flip_of(desc.input_type);
  const uint8_t* x = binding.input + row * binding.input_stride;
  const int most = largest->run(x, desc.channels, flip) ^ flip;
  const uint8_t* place = static_cast<const uint8_t*>(memchr(x, most, desc.channels));
  const int64_t index = place - x;
  const int32_t short_index = static_cast<int32_t>(index);
  uint8_t* y = binding.output + row * binding.output_stride;
  if (index_bytes == sizeof(index)) {
    memcpy(y, &index, sizeof(index));
  } else {
    memcpy(y, &short_index, sizeof(short_index));
  }
}

void Argmax::run(pthreadpool_t pool) const {
  const Cut cut = make_cut(binding.batch_size, 1, desc.channels, 1, thread_count(pool));
  for_each_task(pool, cut, binding.batch_size, 1,
                [this](size_t first, size_t rows, size_t, size_t) {
                  for (size_t row = first; row != first + rows; row++) run_row(row);
                });
}

void Argmax::describe(qnnp_operator_info* info) const {
  info->kernel = name;
  info->reason = kBestIsa;
  if (state != State::bound) return;
  info->input_bytes = uint64_t{binding.batch_size} * desc.channels;
  info->output_bytes = uint64_t{binding.batch_size} * index_bytes;
}

}  // namespace

Status create_argmax(const qnnp_argmax_desc& desc, Operator** out) {
  qnnp_argmax_desc d = desc;
  if (d.output_type == qnnp_datatype_uint8) d.output_type = qnnp_datatype_int32;  // the default
  QNNP_TRY(check_byte_type(d.input_type, "input_type"));
  if (d.output_type != qnnp_datatype_int32 && d.output_type != qnnp_datatype_int64) {
    return fail(qnnp_status_invalid_parameter,
                "output_type is %d: it must be int32 (%d) or int64 "
                "(%d)",
                static_cast<int>(d.output_type), qnnp_datatype_int32, qnnp_datatype_int64);
  }
  QNNP_TRY(check_nonzero(d.channels, "channels"));
  QNNP_TRY(check_flags(d.flags));
  if (d.output_type == qnnp_datatype_int32 && d.channels > INT32_MAX) {
    return fail(qnnp_status_unsupported_parameter,
                "channels is %zu: indices of type int32 reach 2147483647", d.channels);
  }
  *out = new Argmax(d);
  return *out == nullptr ? fail_memory("argmax operator", sizeof(Argmax)) : qnnp_status_success;
}

Status setup_argmax(Operator* op, size_t batch_size, const uint8_t* input, size_t input_stride,
                    void* output, size_t output_stride) {
  bool done = false;
  QNNP_TRY(begin_setup(op, OperatorType::argmax, batch_size, &done));
  if (done) return qnnp_status_success;
  Argmax& argmax = static_cast<Argmax&>(*op);
  QNNP_TRY(check_layout(input, argmax.desc.channels, input_stride, "input"));
  QNNP_TRY(check_layout(output, 1, output_stride, "output"));
  QNNP_TRY(check_extent(batch_size, input_stride, "input"));
  QNNP_TRY(check_extent(CheckedSize(batch_size) * argmax.index_bytes, output_stride, "output"));
  argmax.binding = {batch_size, input, input_stride, static_cast<uint8_t*>(output),
                    output_stride * argmax.index_bytes};
  argmax.state = Operator::State::bound;
  return qnnp_status_success;
}

}  // namespace qnnp
