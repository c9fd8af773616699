// SPDX-License-Identifier: BSD-3-Clause
#include "operators/binary.h"

#include "operators/elementwise.h"
#include "operators/select.h"
#include "operators/typed.h"
#include "q8vadd/params.h"
#include "q8vmul/q8vmul.h"

namespace qnnp {
namespace {

// The short form calls its output "sum", wants limits that differ and takes no stride of 0.
struct Form {
  bool is_short;
  const char *output, *type, *zero_point, *scale, *a_ratio, *b_ratio;
};
constexpr Form kLong = {false,
                        "output",
                        "output_type",
                        "output_zero_point",
                        "output_scale",
                        "a_scale / output_scale",
                        "b_scale / output_scale"};
constexpr Form kShort = {true,
                         "sum",
                         "sum_type",
                         "sum_zero_point",
                         "sum_scale",
                         "a_scale / sum_scale",
                         "b_scale / sum_scale"};

// The description's values for uint8.
struct Operands {
  uint8_t a_zero_point, b_zero_point, output_zero_point, output_min, output_max;
};

template <class Kernel, class Params>
struct Binary : Elementwise {
  Binary(OperatorType kind, size_t channel_count, const ElementwiseTensor* names,
         bool repeated_rows, const char* family, const Kernel* chosen, const Params& parameters)
      : Elementwise(kind, channel_count, 3, names),
        kernel_family(family),
        kernel(chosen),
        params(parameters) {
    repeats[0] = repeats[1] = repeated_rows;
    name_kernel(kernel_name, family, kernel->name);
  }
  void compute(const ElementwiseBinding& t, size_t rows, size_t n, size_t) const override;
  Operator* clone() const override {
    return new Binary(type, channels, tensors, repeats[0], kernel_family, kernel, params);
  }
  void call(const ElementwiseBinding& t, size_t rows, size_t n) const {
    kernel->run(
        {rows, n, t.data[0], t.stride[0], t.data[1], t.stride[1], t.data[2], t.stride[2], &params});
  }

  const char* const kernel_family;
  const Kernel* const kernel;
  const Params params;
};

// Kernels like long rows. Where a short row is repeated and there are no gaps, `times` rows become
// one: the repeated row is copied so often.
constexpr size_t kRepeatedBytes = 1024;

bool without_gaps(const ElementwiseBinding& t, size_t n) {
  for (int i = 0; i < 3; i++) {
    if (t.stride[i] != n && (i == 2 || t.stride[i] != 0)) return false;
  }
  return true;
}

template <class Kernel, class Params>
void Binary<Kernel, Params>::compute(const ElementwiseBinding& t, size_t rows, size_t n,
                                     size_t) const {
  const size_t times = min(rows, kRepeatedBytes / n);
  if (times < 2 || !without_gaps(t, n)) return call(t, rows, n);
  alignas(kAlignment) uint8_t repeated[2][kRepeatedBytes];
  ElementwiseBinding part = t;
  part.stride[2] = times * n;
  for (int i = 0; i < 2; i++) {
    part.stride[i] = t.stride[i] * times;
    if (t.stride[i] != 0) continue;
    for (size_t row = 0; row < times; row++) memcpy(repeated[i] + row * n, t.data[i], n);
    part.data[i] = repeated[i];
  }
  call(part, rows / times, times * n);
  const size_t rest = rows % times;
  if (rest == 0) return;
  for (int i = 0; i < 3; i++) part.data[i] += (rows - rest) * t.stride[i];
  call(part, 1, rest * n);
}

Status translate(const qnnp_binary_desc& d, const Form& form, Operands* o) {
  if (static_cast<unsigned>(d.operation) > qnnp_binary_operation_multiply) {
    return fail(qnnp_status_invalid_parameter,
                "operation is %d: it must be add (0), subtract (1) or multiply (2)",
                static_cast<int>(d.operation));
  }
  QNNP_TRY(check_nonzero(d.channels, "channels"));
  QNNP_TRY(check_byte_type(d.a_type, "a_type"));
  QNNP_TRY(unsigned_zero_point(d.a_zero_point, d.a_type, "a_zero_point", &o->a_zero_point));
  QNNP_TRY(check_scale(d.a_scale, "a_scale"));
  QNNP_TRY(check_byte_type(d.b_type, "b_type"));
  QNNP_TRY(unsigned_zero_point(d.b_zero_point, d.b_type, "b_zero_point", &o->b_zero_point));
  QNNP_TRY(check_scale(d.b_scale, "b_scale"));
  QNNP_TRY(check_byte_type(d.output_type, form.type));
  QNNP_TRY(unsigned_zero_point(d.output_zero_point, d.output_type, form.zero_point,
                               &o->output_zero_point));
  QNNP_TRY(check_scale(d.output_scale, form.scale));
  if (form.is_short && d.output_min >= d.output_max) {
    return fail(qnnp_status_invalid_parameter,
                "sum_min is %d: it must be below sum_max, which is %d", d.output_min, d.output_max);
  }
  QNNP_TRY(unsigned_range(d.output_min, d.output_max, d.output_type, form.output, &o->output_min,
                          &o->output_max));
  return check_flags(d.flags);
}

template <class Kernel, class Params>
Status make(const qnnp_binary_desc& d, const Form& form, OperatorType kind, const char* family,
            Span<const Kernel* const> kernels, const Params& params, Operator** out) {
  const ElementwiseTensor tensors[] = {{"a"}, {"b"}, {form.output}};
  using Result = Binary<Kernel, Params>;
  *out =
      new Result(kind, d.channels, tensors, !form.is_short, family, best_kernel(kernels), params);
  return *out == nullptr ? fail_memory("operator of two tensors", sizeof(Result))
                         : qnnp_status_success;
}

Status make_sum(const qnnp_binary_desc& d, const Operands& o, const Form& form, Operator** out) {
  QNNP_TRY(check_ratio(d.a_scale, d.output_scale, 0x1p-14, 0x1p+8, form.a_ratio));
  QNNP_TRY(check_ratio(d.b_scale, d.output_scale, 0x1p-14, 0x1p+8, form.b_ratio));
  const bool subtract = d.operation == qnnp_binary_operation_subtract;
  AddParams params = add_params({o.a_zero_point, d.a_scale}, {o.b_zero_point, d.b_scale},
                                {o.output_zero_point, d.output_scale}, subtract);
  params.min = o.output_min;
  params.max = o.output_max;
  params.a_flip = flip_of(d.a_type);
  params.b_flip = flip_of(d.b_type);
  params.c_flip = flip_of(d.output_type);
  return make(d, form, subtract ? OperatorType::subtract : OperatorType::add, "q8vadd",
              q8vadd_kernels(), params, out);
}

Status make_product(const qnnp_binary_desc& d, const Operands& o, Operator** out) {
  // The product is exact: 24 bits times 24.
  const double scale = double{d.a_scale} * double{d.b_scale} / double{d.output_scale};
  QNNP_TRY(check_multiplier(static_cast<float>(scale), "a_scale * b_scale / output_scale"));
  const MulParams params = {o.a_zero_point,
                            o.b_zero_point,
                            static_cast<float>(scale),
                            output_params(o.output_zero_point, o.output_min, o.output_max),
                            flip_of(d.a_type),
                            flip_of(d.b_type),
                            flip_of(d.output_type)};
  return make(d, kLong, OperatorType::multiply, "q8vmul", q8vmul_kernels(), params, out);
}

ElementwiseBinding binding_of(const void* a, size_t a_stride, const void* b, size_t b_stride,
                              void* output, size_t output_stride) {
  const auto bytes = [](const void* p) {
    return const_cast<uint8_t*>(static_cast<const uint8_t*>(p));
  };
  return {{bytes(a), bytes(b), bytes(output)}, {a_stride, b_stride, output_stride}};
}

}  // namespace

Status create_binary(const qnnp_binary_desc& desc, Operator** out) {
  Operands operands = {};
  QNNP_TRY(translate(desc, kLong, &operands));
  return desc.operation == qnnp_binary_operation_multiply ? make_product(desc, operands, out)
                                                          : make_sum(desc, operands, kLong, out);
}

Status setup_binary(Operator* op, size_t batch_size, const void* a, size_t a_stride, const void* b,
                    size_t b_stride, void* output, size_t output_stride) {
  const bool other =
      op != nullptr && (op->type == OperatorType::subtract || op->type == OperatorType::multiply);
  return setup_elementwise(op, other ? op->type : OperatorType::add, batch_size,
                           binding_of(a, a_stride, b, b_stride, output, output_stride));
}

Status create_add(const qnnp_binary_desc& desc, Operator** out) {
  Operands operands = {};
  QNNP_TRY(translate(desc, kShort, &operands));
  return make_sum(desc, operands, kShort, out);
}

Status setup_add(Operator* op, size_t batch_size, const uint8_t* a, size_t a_stride,
                 const uint8_t* b, size_t b_stride, uint8_t* sum, size_t sum_stride) {
  return setup_elementwise(op, OperatorType::add, batch_size,
                           binding_of(a, a_stride, b, b_stride, sum, sum_stride));
}

}  // namespace qnnp
