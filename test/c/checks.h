/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What the tests in C share: each is one program of one file. */
#pragma once

#include <qnnpack.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failures = 0;

#define CHECK(condition)                                                              \
  do {                                                                                \
    if (!(condition)) {                                                               \
      fprintf(stderr, "%s:%d: %s (last error: %s)\n", __FILE__, __LINE__, #condition, \
              qnnp_get_last_error());                                                 \
      failures++;                                                                     \
    }                                                                                 \
  } while (0)
#define SUCCEEDS(call) CHECK((call) == qnnp_status_success)

static void expect_bytes(const char* what, const uint8_t* expected, const uint8_t* actual,
                         size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (expected[i] != actual[i]) {
      fprintf(stderr, "%s: element %zu is %u, expected %u\n", what, i, actual[i], expected[i]);
      failures++;
    }
  }
}

static void run_and_delete(qnnp_operator_t op, pthreadpool_t threadpool) {
  SUCCEEDS(qnnp_run_operator(op, threadpool));
  SUCCEEDS(qnnp_delete_operator(op));
}
