// SPDX-License-Identifier: BSD-3-Clause
// What every operator is: validate -> plan -> pack in create, bind in setup, then run. Each
// operator is one file with types of its own; what clones share is a Shareable plan, what they do
// not is the binding. Above: api. Below: kernel families.
#pragma once

#include "base/checked.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "base/status.h"

namespace qnnp {
enum class OperatorType : uint8_t {
#define QNNP_OPERATOR(type, name) type,
#include "operators/operator_types.inc"
#undef QNNP_OPERATOR
};
}  // namespace qnnp

// The C handle is this class.
struct qnnp_operator : qnnp::Allocated {
  enum class State : uint8_t { unbound, empty, bound };

  explicit qnnp_operator(qnnp::OperatorType operator_type) : type(operator_type) {}
  qnnp_operator(const qnnp_operator&) = delete;
  qnnp_operator& operator=(const qnnp_operator&) = delete;
  virtual ~qnnp_operator() {}

  // Called when bound. No pure virtuals: they would need the C++ runtime.
  virtual void run(pthreadpool_t) const {}
  // The same plan, unbound; nullptr when there is no memory.
  virtual qnnp_operator* clone() const { return nullptr; }
  virtual void describe(qnnp_operator_info*) const {}

  const qnnp::OperatorType type;
  State state = State::unbound;
};

namespace qnnp {

using Operator = ::qnnp_operator;

const char* type_name(OperatorType type);

// The checks that several operators share. Each failure's sentence names the parameter.
Status check_initialized(const char* function);
Status check_nonzero(size_t value, const char* parameter);
Status check_scale(float scale, const char* parameter);  // a positive normal float
Status check_pointer(const void* pointer, const char* parameter);
Status check_flags(uint32_t flags);
Status check_struct_size(size_t size, size_t expected);
Status check_range(uint8_t min, uint8_t max,
                   const char* prefix);  // min <= max: "output" -> output_min
// lower <= numerator / denominator < upper, as exact real numbers; unsupported otherwise
Status check_ratio(float numerator, float denominator, double lower, double upper,
                   const char* names);
// The fp32 multiplier `ratio` of a requantization must be a positive normal float.
Status check_multiplier(float multiplier, const char* names);

// Start of a create function: the handle is NULL from here on, unless create succeeds. Fails for an
// uninitialized library and a NULL out-handle, whose parameter's name is `out_name`.
Status begin_create(const char* function, Operator** out, const char* out_name);

// The same for a function with a description: besides, the description is of a known version.
template <class Desc>
Status begin_create(const char* function, const Desc* desc, Operator** out) {
  QNNP_TRY(begin_create(function, out, "the operator's out-handle"));
  QNNP_TRY(check_pointer(desc, "desc"));
  return check_struct_size(desc->struct_size, sizeof(Desc));
}

// Start of every setup. Fails for an uninitialized library, NULL and a handle of another kind.
// After success *done tells that the batch is empty: the operator is set up and nothing else is to
// be looked at.
Status begin_setup(Operator* op, OperatorType type, size_t batch_size, bool* done);

// A tensor's pointer is given and its stride >= channels: what is invalid in it. name_stride must
// be the parameter.
Status check_layout(const void* data, size_t channels, size_t stride, const char* name);
// All bytes of its pixels are addressable, or unsupported.
Status check_extent(CheckedSize pixels, size_t stride, const char* name);
// Both, for an operator with one tensor or where their order does not matter.
Status check_tensor(const void* data, size_t pixels, size_t channels, size_t stride,
                    const char* name);

}  // namespace qnnp
