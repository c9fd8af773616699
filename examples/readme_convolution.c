/* SPDX-License-Identifier: BSD-3-Clause
 * Finds the horizontal edge of a picture, as README shows it. Prints " 255 255 128 128". */
#include <qnnpack.h>
#include <stdio.h>
int main(void) {
  const uint8_t in[6 * 3] = {10, 10, 10, 10, 10, 10, 90, 90, 90,
                             90, 90, 90, 90, 90, 90, 90, 90, 90};
  const uint8_t kernel[3 * 3] = {0, 0, 0, 1, 1, 1, 2, 2, 2}; /* -1, 0, 1 around zero point 1 */
  uint8_t out[4 * 1];
  struct qnnp_convolution2d_desc desc = QNNP_CONVOLUTION2D_DESC_INIT;
  desc.kernel_height = desc.kernel_width = 3;
  desc.group_input_channels = desc.group_output_channels = 1;
  desc.input_scale = desc.kernel_scale = desc.output_scale = 1.0f;
  desc.kernel_zero_point = 1;
  desc.output_zero_point = 128;
  desc.kernel = kernel;
  qnnp_operator_t op = NULL;
  if (qnnp_initialize() != qnnp_status_success ||
      qnnp_create_convolution2d(&desc, &op) != qnnp_status_success ||
      qnnp_setup_convolution2d_nhwc_q8(op, 1, 6, 3, in, 1, out, 1, NULL) != qnnp_status_success ||
      qnnp_run_operator(op, NULL) != qnnp_status_success) {
    fprintf(stderr, "%s\n", qnnp_get_last_error());
    return 1;
  }
  for (int i = 0; i < 4; i++) printf(" %d%s", out[i], i == 3 ? "\n" : "");
  return qnnp_delete_operator(op);
}
