/* SPDX-License-Identifier: BSD-3-Clause
 * A 32-bit Arm processor without NEON (qemu plays it: test/CMakeLists.txt) is refused. */
#include <qnnpack.h>
#include <stdio.h>
#include <string.h>

int main(void) {
  const enum qnnp_status status = qnnp_initialize();
  const char* const sentence = qnnp_get_last_error();
  qnnp_operator_t op = NULL;
  printf("%d: %s\n", (int)status, sentence);
  if (status != qnnp_status_unsupported_hardware || strstr(sentence, "NEON") == NULL) return 1;
  return qnnp_create_clamp_nc_u8(1, 0, 255, 0, &op) == qnnp_status_uninitialized ? 0 : 1;
}
