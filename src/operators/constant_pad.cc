// SPDX-License-Identifier: BSD-3-Clause
#include "operators/constant_pad.h"

#include "operators/cut.h"
#include "operators/transpose.h"
#include "operators/typed.h"

namespace qnnp {
namespace {

struct Dimension {
  size_t before, extent, after;
  size_t padded() const { return before + extent + after; }
};

// Dimensions that are not padded are merged into the one before; the innermost is a row.
struct Binding {
  Dimension dimensions[QNNP_MAX_DIMENSIONS] = {};
  uint32_t count = 0;
  size_t input_bytes = 0, output_bytes = 0, rows = 0;
  const uint8_t* input = nullptr;
  uint8_t* output = nullptr;
};

struct ConstantPad : Operator {
  ConstantPad(const qnnp_constant_pad_desc& description, uint8_t byte)
      : Operator(OperatorType::constant_pad), desc(description), value(byte) {}

  void run(pthreadpool_t pool) const override;
  Operator* clone() const override { return new ConstantPad(desc, value); }
  void describe(qnnp_operator_info* info) const override {
    info->kernel = "memcpy and memset";
    info->reason = "runs of bytes";
    if (state != State::bound) return;
    info->input_bytes = binding.input_bytes;
    info->output_bytes = binding.output_bytes;
  }
  void fill_row(size_t row, size_t begin, size_t n) const;

  const qnnp_constant_pad_desc desc;
  const uint8_t value;
  Binding binding;
};

// The input row of an output row, or nullptr where that is padding.
const uint8_t* input_row(const Binding& b, size_t row) {
  size_t index = 0, factor = b.dimensions[b.count - 1].extent;
  for (uint32_t i = b.count - 1; i-- > 0;) {
    const Dimension& d = b.dimensions[i];
    const size_t position = row % d.padded();
    row /= d.padded();
    if (position < d.before || position - d.before >= d.extent) return nullptr;
    index += (position - d.before) * factor;
    factor *= d.extent;
  }
  return b.input + index;
}

// Bytes begin .. begin + n of an output row.
void ConstantPad::fill_row(size_t row, size_t begin, size_t n) const {
  const Dimension& d = binding.dimensions[binding.count - 1];
  uint8_t* output = binding.output + row * d.padded();
  const uint8_t* input = input_row(binding, row);
  const size_t end = begin + n;
  const size_t inside = input == nullptr ? end : min(max(begin, d.before), end);
  const size_t outside = input == nullptr ? end : min(max(begin, d.before + d.extent), end);
  memset(output + begin, value, inside - begin);
  if (outside > inside) memcpy(output + inside, input + (inside - d.before), outside - inside);
  memset(output + outside, value, end - outside);
}

void ConstantPad::run(pthreadpool_t pool) const {
  constexpr size_t kUnit = 64;  // a cache line
  const size_t columns = binding.dimensions[binding.count - 1].padded();
  const Cut cut = make_cut(binding.rows, columns, 1, kUnit, thread_count(pool));
  for_each_task(pool, cut, binding.rows, columns,
                [this](size_t row, size_t rows, size_t begin, size_t n) {
                  for (size_t i = row; i < row + rows; i++) fill_row(i, begin, n);
                });
}

Status bind(const qnnp_constant_pad_desc& desc, const size_t* shape, Binding* b) {
  CheckedSize input_bytes = 1, output_bytes = 1;
  for (uint32_t i = 0; i < desc.dimensions; i++) {
    const CheckedSize padded = CheckedSize(desc.before[i]) + shape[i] + desc.after[i];
    input_bytes = input_bytes * shape[i];
    output_bytes = output_bytes * padded;
    if (!input_bytes.valid() || !output_bytes.valid()) {
      return fail(qnnp_status_unsupported_parameter,
                  "shape[%u] is %zu: the padded tensor is more bytes than can be addressed", i,
                  shape[i]);
    }
    if (i > 0 && desc.before[i] == 0 && desc.after[i] == 0) {
      Dimension& outer = b->dimensions[b->count - 1];
      outer = {outer.before * shape[i], outer.extent * shape[i], outer.after * shape[i]};
    } else {
      b->dimensions[b->count++] = {desc.before[i], shape[i], desc.after[i]};
    }
  }
  b->input_bytes = input_bytes.value();
  b->output_bytes = output_bytes.value();
  return qnnp_status_success;
}

}  // namespace

Status create_constant_pad(const qnnp_constant_pad_desc& desc, Operator** out) {
  uint8_t value = 0;
  QNNP_TRY(check_dimensions(desc.dimensions));
  QNNP_TRY(check_byte_type(desc.type, "type"));
  QNNP_TRY(unsigned_zero_point(desc.pad_value, desc.type, "pad_value", &value));
  QNNP_TRY(check_flags(desc.flags));
  *out = new ConstantPad(desc, static_cast<uint8_t>(value ^ flip_of(desc.type)));
  return *out == nullptr ? fail_memory("constant pad operator", sizeof(ConstantPad))
                         : qnnp_status_success;
}

Status setup_constant_pad(Operator* op, const size_t* shape, const void* input, void* output) {
  bool done = false;
  QNNP_TRY(begin_setup(op, OperatorType::constant_pad, 1, &done));
  QNNP_TRY(check_pointer(shape, "shape"));
  ConstantPad& pad = static_cast<ConstantPad&>(*op);
  Binding binding;
  QNNP_TRY(bind(pad.desc, shape, &binding));
  if (binding.output_bytes == 0) {
    op->state = Operator::State::empty;
    return qnnp_status_success;
  }
  // An empty input has no bytes to point to.
  if (binding.input_bytes != 0) QNNP_TRY(check_pointer(input, "input"));
  QNNP_TRY(check_pointer(output, "output"));
  binding.rows = binding.output_bytes / binding.dimensions[binding.count - 1].padded();
  binding.input = static_cast<const uint8_t*>(input);
  binding.output = static_cast<uint8_t*>(output);
  pad.binding = binding;
  pad.state = Operator::State::bound;
  return qnnp_status_success;
}

}  // namespace qnnp
