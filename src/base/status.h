// SPDX-License-Identifier: BSD-3-Clause
// Failures: a status for the program and one sentence for the programmer, kept per thread.
#pragma once

#include "qnnpack.h"

namespace qnnp {

using Status = enum qnnp_status;

// Keeps the sentence for qnnp_get_last_error() and returns `status`. The sentence names the
// parameter, its value and the rule.
[[nodiscard]] Status fail(Status status, const char* format, ...)
    __attribute__((format(printf, 2, 3)));
const char* last_error();

// The out-of-memory failure of `bytes` for `what`.
[[nodiscard]] Status fail_memory(const char* what, size_t bytes);

// Leaves the function with the status of a failed step.
#define QNNP_TRY(step)                                        \
  do {                                                        \
    const ::qnnp::Status try_status = (step);                 \
    if (try_status != qnnp_status_success) return try_status; \
  } while (false)

}  // namespace qnnp
