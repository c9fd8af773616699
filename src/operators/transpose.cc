// SPDX-License-Identifier: BSD-3-Clause
#include "operators/transpose.h"

#include "operators/move.h"
#include "operators/select.h"

namespace qnnp {
namespace {

struct Transpose : MoveOperator {
  Transpose(const qnnp_transpose_desc& description, const TransposeKernel* chosen)
      : MoveOperator(OperatorType::transpose, chosen), desc(description) {}
  Operator* clone() const override { return new Transpose(desc, kernel); }

  const qnnp_transpose_desc desc;
};

static_assert(QNNP_MAX_DIMENSIONS <= Move::kMost, "every dimension may be an axis");

Status check_permutation(const qnnp_transpose_desc& desc) {
  bool seen[QNNP_MAX_DIMENSIONS] = {};
  for (uint32_t i = 0; i < desc.dimensions; i++) {
    const uint32_t axis = desc.permutation[i];
    if (axis >= desc.dimensions || seen[axis]) {
      return fail(qnnp_status_invalid_parameter,
                  "permutation[%u] is %u: every number below dimensions, which is %u, must appear "
                  "once",
                  i, axis, desc.dimensions);
    }
    seen[axis] = true;
  }
  return qnnp_status_success;
}

}  // namespace

Status check_dimensions(uint32_t dimensions) {
  if (dimensions >= 1 && dimensions <= QNNP_MAX_DIMENSIONS) return qnnp_status_success;
  return fail(qnnp_status_invalid_parameter, "dimensions is %u: it must be 1 to %d", dimensions,
              QNNP_MAX_DIMENSIONS);
}

Status create_transpose(const qnnp_transpose_desc& desc, Operator** out) {
  QNNP_TRY(check_dimensions(desc.dimensions));
  QNNP_TRY(check_permutation(desc));
  QNNP_TRY(check_flags(desc.flags));
  *out = new Transpose(desc, best_kernel(x8transpose_kernels()));
  return *out == nullptr ? fail_memory("transpose operator", sizeof(Transpose))
                         : qnnp_status_success;
}

Status setup_transpose(Operator* op, const size_t* shape, const void* input, void* output) {
  bool done = false;
  QNNP_TRY(begin_setup(op, OperatorType::transpose, 1, &done));
  QNNP_TRY(check_pointer(shape, "shape"));
  Transpose& transpose = static_cast<Transpose&>(*op);
  const qnnp_transpose_desc& desc = transpose.desc;
  for (uint32_t i = 0; i < desc.dimensions; i++) done = done || shape[i] == 0;
  if (done) {
    op->state = Operator::State::empty;
    return qnnp_status_success;
  }
  QNNP_TRY(check_pointer(input, "input"));
  QNNP_TRY(check_pointer(output, "output"));
  size_t from[QNNP_MAX_DIMENSIONS];  // distance of two neighbours along each axis of the input
  CheckedSize elements = 1;
  for (uint32_t i = desc.dimensions; i-- > 0;) {
    from[i] = elements.value();
    elements = elements * shape[i];
  }
  if (!elements.valid()) {
    return fail(qnnp_status_unsupported_parameter,
                "shape: the product of its %u extents is more bytes than can be addressed",
                desc.dimensions);
  }
  Move move(transpose.kernel);
  size_t to = 1;
  for (uint32_t i = desc.dimensions; i-- > 0;) {
    const uint32_t axis = desc.permutation[i];
    move.add(shape[axis], from[axis], to);
    to *= shape[axis];
  }
  move.finish();
  transpose.bind(move, input, output);
  return qnnp_status_success;
}

}  // namespace qnnp
