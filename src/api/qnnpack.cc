// SPDX-License-Identifier: BSD-3-Clause
// Every function of the public header that belongs to no operator. The operators' own are beside it:
// a file each, named as in src/operators and as QNNPACK_OPERATORS selects them (cmake/isa.cmake).
#include "qnnpack.h"

#include "isa/cpu.h"
#include "operators/operator.h"

using namespace qnnp;

extern "C" {

enum qnnp_status qnnp_initialize(void) { return initialize(); }

enum qnnp_status qnnp_deinitialize(void) {
  deinitialize();
  return qnnp_status_success;
}

const char* qnnp_get_last_error(void) { return last_error(); }

enum qnnp_status qnnp_set_allocator(void* (*allocate)(void*, size_t, size_t),
                                    void (*deallocate)(void*, void*), void* context) {
  return set_allocator(allocate, deallocate, context);
}

enum qnnp_status qnnp_run_operator(qnnp_operator_t op, pthreadpool_t threadpool) {
  QNNP_TRY(check_pointer(op, "operator"));
  switch (op->state) {
    case Operator::State::unbound:
      return fail(qnnp_status_invalid_parameter,
                  "operator is a %s without buffers: it must be set up before it runs",
                  type_name(op->type));
    case Operator::State::empty:
      return qnnp_status_success;
    case Operator::State::bound:
      op->run(threadpool);
      return qnnp_status_success;
  }
  return qnnp_status_success;
}

enum qnnp_status qnnp_delete_operator(qnnp_operator_t op) {
  QNNP_TRY(check_pointer(op, "operator"));
  delete op;
  return qnnp_status_success;
}

enum qnnp_status qnnp_clone_operator(qnnp_operator_t op, qnnp_operator_t* clone_out) {
  if (clone_out != nullptr) *clone_out = nullptr;
  QNNP_TRY(check_initialized("qnnp_clone_operator"));
  QNNP_TRY(check_pointer(clone_out, "clone_out"));
  QNNP_TRY(check_pointer(op, "operator"));
  *clone_out = op->clone();
  return *clone_out == nullptr ? fail_memory("clone of an operator", sizeof(Operator))
                               : qnnp_status_success;
}

enum qnnp_status qnnp_describe_operator(qnnp_operator_t op, struct qnnp_operator_info* info) {
  QNNP_TRY(check_pointer(op, "operator"));
  QNNP_TRY(check_pointer(info, "info"));
  if (info->struct_size != sizeof(*info)) {
    return fail(qnnp_status_invalid_parameter, "info->struct_size is %zu: it must be %zu",
                info->struct_size, sizeof(*info));
  }
  *info = {};
  info->struct_size = sizeof(*info);
  info->type = type_name(op->type);
  op->describe(info);
  if (info->macs != 0) {
    const uint64_t bytes = info->weight_bytes + info->input_bytes + info->output_bytes;
    info->arithmetic_intensity = 2 * static_cast<double>(info->macs) / static_cast<double>(bytes);
  }
  return qnnp_status_success;
}

}  // extern "C"
