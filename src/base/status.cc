// SPDX-License-Identifier: BSD-3-Clause
#include "base/status.h"

#include <cstdarg>
#include <cstdio>

namespace qnnp {
namespace {
thread_local char message[320] = "no error";
}

Status fail(Status status, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message, sizeof(message), format, arguments);
  va_end(arguments);
  return status;
}

Status fail_memory(const char* what, size_t bytes) {
  return fail(qnnp_status_out_of_memory, "%s: %zu bytes could not be allocated", what, bytes);
}

const char* last_error() { return message; }

}  // namespace qnnp
