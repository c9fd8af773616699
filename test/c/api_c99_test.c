/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Plain C99: a program of 2018, with functions of that time's header by position. It is linked by
 * the C compiler; results are computed by hand. */
#include "checks.h"

/* Every parameter has a value of its own, so that two in the wrong order would show: 4 paddings,
 * a 1 x 2 kernel, strides 2 and 1, dilations 1 and 2. */
static void test_convolution(pthreadpool_t threadpool) {
  const uint8_t kernel[2] = {3, 1}; /* zero point 2: weights 1, -1 */
  const int32_t bias[1] = {6};
  const uint8_t input[6] = {10, 12, 14, 20, 24, 28}; /* 2 x 3, zero point 10 */
  /* Padded by 1 above, 2 to the right, 0 below, 1 to the left: 3 x 6, of which rows 0 and 2 start a
   * window: 0 0 0 0 0 0 and 0 10 14 18 0 0. Column x minus column x + 2, plus 6, / 2, plus 100. */
  const uint8_t expected[8] = {103, 103, 103, 103, 96, 99, 110, 112};
  uint8_t output[8];
  qnnp_operator_t op = NULL;
  SUCCEEDS(qnnp_create_convolution2d_nhwc_q8(1, 2, 0, 1, 1, 2, 2, 1, 1, 2, 1, 1, 1, 10, 0.5f, 2,
                                             2.0f, kernel, bias, 100, 2.0f, 90, 200, 0, &op));
  SUCCEEDS(qnnp_setup_convolution2d_nhwc_q8(op, 1, 2, 3, input, 1, output, 1, threadpool));
  run_and_delete(op, threadpool);
  expect_bytes("convolution", expected, output, sizeof(expected));
}

/* Two groups of 2 inputs and 1 output; pixel strides 5 and 3. */
static void test_grouped_convolution(pthreadpool_t threadpool) {
  const uint8_t kernel[4] = {1, 2, 3, 4};
  const int32_t bias[2] = {100, 200};
  const uint8_t input[9] = {1, 2, 3, 4, 255, 5, 6, 7, 8};
  const uint8_t expected[5] = {105, 225, 77, 117, 253};
  uint8_t output[5] = {77, 77, 77, 77, 77};
  qnnp_operator_t op = NULL;
  SUCCEEDS(qnnp_create_convolution2d_nhwc_q8(0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 1, 0, 1.0f, 0,
                                             1.0f, kernel, bias, 0, 1.0f, 0, 255, 0, &op));
  SUCCEEDS(qnnp_setup_convolution2d_nhwc_q8(op, 1, 1, 2, input, 5, output, 3, threadpool));
  run_and_delete(op, threadpool);
  expect_bytes("grouped convolution", expected, output, sizeof(expected));
}

static void test_fully_connected(pthreadpool_t threadpool) {
  const uint8_t kernel[6] = {129, 130, 131, 127, 128, 126}; /* 1 2 3, -1 0 -2 */
  const int32_t bias[2] = {4, -4};
  const uint8_t input[6] = {8, 9, 10, 7, 7, 17}; /* zero point 7: 1 2 3, 0 0 10 */
  /* acc: 18, -11; 34, -24. times 0.25, half to even: 4.5 -> 4, -2.75 -> -3; 8.5 -> 8, -6. */
  const uint8_t expected[4] = {24, 17, 28, 14};
  uint8_t output[4];
  qnnp_operator_t op = NULL;
  SUCCEEDS(qnnp_create_fully_connected_nc_q8(3, 2, 7, 0.5f, 128, 0.5f, kernel, bias, 20, 1.0f, 0,
                                             255, 0, &op));
  SUCCEEDS(qnnp_setup_fully_connected_nc_q8(op, 2, input, 3, output, 2));
  run_and_delete(op, threadpool);
  expect_bytes("fully connected", expected, output, sizeof(expected));
}

/* 1 x 2 pixels, kernel 1 x 2, stride 2: every input pixel becomes two. */
static void test_deconvolution(pthreadpool_t threadpool) {
  const uint8_t kernel[2] = {2, 3}, input[2] = {10, 20};
  const uint8_t expected[4] = {20, 30, 40, 60};
  const int8_t signed_kernel[2] = {2, -3}, signed_input[2] = {10, -20};
  const float expected_real[4] = {10.0f, -15.0f, -20.0f, 30.0f};
  uint8_t output[4];
  float real[4];
  struct qnnp_deconvolution2d_desc desc = QNNP_DECONVOLUTION2D_DESC_INIT;
  qnnp_operator_t op = NULL;
  SUCCEEDS(qnnp_create_deconvolution2d_nhwc_q8(0, 0, 0, 0, 0, 0, 1, 2, 1, 2, 1, 1, 1, 1, 1, 0, 1.0f,
                                               0, 1.0f, kernel, NULL, 0, 1.0f, 0, 255, 0, &op));
  SUCCEEDS(qnnp_setup_deconvolution2d_nhwc_q8(op, 1, 1, 2, input, 1, output, 1, threadpool));
  run_and_delete(op, threadpool);
  expect_bytes("deconvolution", expected, output, 4);
  desc.input_type = desc.kernel_type = qnnp_datatype_int8;
  desc.output_type = qnnp_datatype_float32;
  desc.kernel_width = desc.stride_width = 2;
  desc.group_input_channels = desc.group_output_channels = 1;
  desc.input_scale = 0.5f;
  desc.kernel_scale = 1.0f;
  desc.kernel = signed_kernel;
  SUCCEEDS(qnnp_create_deconvolution2d(&desc, &op));
  SUCCEEDS(qnnp_setup_deconvolution2d(op, 1, 1, 2, signed_input, 1, real, 1));
  run_and_delete(op, threadpool);
  CHECK(memcmp(expected_real, real, sizeof(real)) == 0);
}

static void test_pooling(pthreadpool_t threadpool) {
  const uint8_t input[8] = {1, 100, 3, 102, 5, 104, 7, 106}; /* 2 x 2 pixels of 2 channels */
  const uint8_t expected[2] = {4, 103};
  uint8_t output[2] = {0, 0};
  qnnp_operator_t op = NULL;
  SUCCEEDS(qnnp_create_average_pooling2d_nhwc_q8(0, 0, 0, 0, 2, 2, 2, 2, 2, 0, 1.0f, 0, 1.0f, 0,
                                                 255, 0, &op));
  SUCCEEDS(qnnp_setup_average_pooling2d_nhwc_q8(op, 1, 2, 2, input, 2, output, 2, threadpool));
  run_and_delete(op, threadpool);
  expect_bytes("average pooling", expected, output, 2);

  memset(output, 0, sizeof(output));
  SUCCEEDS(qnnp_create_global_average_pooling_nwc_q8(2, 0, 1.0f, 0, 1.0f, 0, 255, 0, &op));
  SUCCEEDS(qnnp_setup_global_average_pooling_nwc_q8(op, 1, 4, input, 2, output, 2));
  run_and_delete(op, threadpool);
  expect_bytes("global average pooling", expected, output, 2);
}

/* Paddings 1, 0, 0, 2; windows of 2 x 2 taps, dilated by 1 and 2; strides 2 and 1. */
static void test_max_pooling(pthreadpool_t threadpool) {
  const uint8_t input[6] = {10, 20, 30, 60, 50, 40}; /* 2 x 3, padded to 3 x 5 */
  const uint8_t expected[3] = {15, 20, 25};
  uint8_t output[3] = {0, 0, 0};
  qnnp_operator_t op = NULL;
  SUCCEEDS(qnnp_create_max_pooling2d_nhwc_u8(1, 0, 0, 2, 2, 2, 2, 1, 1, 2, 1, 15, 25, 0, &op));
  SUCCEEDS(qnnp_setup_max_pooling2d_nhwc_u8(op, 1, 2, 3, input, 1, output, 1, threadpool));
  run_and_delete(op, threadpool);
  expect_bytes("max pooling", expected, output, 3);
}

static void test_elementwise(pthreadpool_t threadpool) {
  const uint8_t a[4] = {10, 20, 30, 250}, b[4] = {1, 2, 3, 100};
  const uint8_t sum[4] = {11, 22, 33, 255}, clamped[4] = {15, 20, 30, 200};
  uint8_t output[4];
  qnnp_operator_t op = NULL;
  SUCCEEDS(qnnp_create_add_nc_q8(2, 0, 1.0f, 0, 1.0f, 0, 1.0f, 0, 255, 0, &op));
  SUCCEEDS(qnnp_setup_add_nc_q8(op, 2, a, 2, b, 2, output, 2));
  run_and_delete(op, threadpool);
  expect_bytes("add", sum, output, 4);

  memcpy(output, a, sizeof(a)); /* in place */
  SUCCEEDS(qnnp_create_clamp_nc_u8(4, 15, 200, 0, &op));
  SUCCEEDS(qnnp_setup_clamp_nc_u8(op, 1, output, 4, output, 4));
  run_and_delete(op, threadpool);
  expect_bytes("clamp", clamped, output, 4);
}

static void test_channel_shuffle(pthreadpool_t threadpool) {
  const uint8_t input[6] = {1, 2, 3, 11, 12, 13};
  const uint8_t expected[6] = {1, 11, 2, 12, 3, 13};
  uint8_t output[6];
  qnnp_operator_t op = NULL;
  SUCCEEDS(qnnp_create_channel_shuffle_nc_x8(2, 3, 0, &op));
  SUCCEEDS(qnnp_setup_channel_shuffle_nc_x8(op, 1, input, 6, output, 6));
  run_and_delete(op, threadpool);
  expect_bytes("channel shuffle", expected, output, 6);
}

static void test_softargmax(pthreadpool_t threadpool) {
  const uint8_t input[4] = {7, 7, 7, 7};
  const uint8_t expected[4] = {64, 64, 64, 64};
  uint8_t output[4];
  qnnp_operator_t op = NULL;
  SUCCEEDS(qnnp_create_softargmax_nc_q8(4, 0.25f, 0, 1.0f / 256.0f, 0, &op));
  SUCCEEDS(qnnp_setup_softargmax_nc_q8(op, 1, input, 4, output, 4));
  run_and_delete(op, threadpool);
  expect_bytes("softargmax", expected, output, 4);
}

static double negate(double x, void* context) {
  (void)context;
  return -x;
}

static void test_tables(pthreadpool_t threadpool) {
  const uint8_t input[4] = {0, 118, 120, 255}; /* zero point 120, scale 1/2 or 16 */
  const uint8_t leaky[4] = {35, 50, 50, 118};  /* 50 + -15, -0.25, 0, 67.5 */
  const uint8_t sigmoid[4] = {0, 0, 128, 255};
  const int8_t negated[4] = {60, 1, 0, -67}; /* ties to even: -67.5 -> -68, limited to -67 */
  uint8_t output[4];
  int8_t signed_output[4];
  struct qnnp_activation_desc desc = QNNP_ACTIVATION_DESC_INIT;
  struct qnnp_requantize_desc conversion = QNNP_REQUANTIZE_DESC_INIT;
  qnnp_operator_t op = NULL;
  SUCCEEDS(qnnp_create_leaky_relu_nc_q8(2, 0.25f, 120, 0.5f, 50, 1.0f, 10, 250, 0, &op));
  SUCCEEDS(qnnp_setup_leaky_relu_nc_q8(op, 2, input, 2, output, 2));
  run_and_delete(op, threadpool);
  expect_bytes("leaky relu", leaky, output, 4);

  SUCCEEDS(qnnp_create_sigmoid_nc_q8(2, 120, 16.0f, 0, 1.0f / 256, 0, 255, 0, &op));
  SUCCEEDS(qnnp_setup_sigmoid_nc_q8(op, 2, input, 2, output, 2));
  run_and_delete(op, threadpool);
  expect_bytes("sigmoid", sigmoid, output, 4);

  desc.channels = 4;
  desc.custom = negate;
  desc.input_scale = 0.5f;
  desc.output_scale = 1.0f;
  desc.input_zero_point = 120;
  desc.output_type = qnnp_datatype_int8;
  desc.output_min = -67;
  desc.output_max = 127;
  SUCCEEDS(qnnp_create_activation(&desc, &op));
  SUCCEEDS(qnnp_setup_activation(op, 1, input, 4, signed_output, 4));
  run_and_delete(op, threadpool);
  CHECK(memcmp(negated, signed_output, 4) == 0);

  conversion.channels = 4;
  conversion.input_type = qnnp_datatype_int8;
  conversion.input_scale = conversion.output_scale = 1.0f;
  conversion.input_zero_point = -128;
  SUCCEEDS(qnnp_create_requantize(&conversion, &op));
  SUCCEEDS(qnnp_setup_requantize(op, 1, signed_output, 4, output, 4));
  run_and_delete(op, threadpool);
  CHECK(output[0] == 188 && output[1] == 129 && output[2] == 128 && output[3] == 61);
}

/* What a program of that time did about errors. */
static void test_errors(void) {
  const uint8_t kernel[1] = {1};
  const int32_t bias[1] = {0};
  qnnp_operator_t op = NULL;
  CHECK(qnnp_create_fully_connected_nc_q8(1, 1, 0, 0.0f, 0, 1.0f, kernel, bias, 0, 1.0f, 0, 255, 0,
                                          &op) == qnnp_status_invalid_parameter);
  CHECK(op == NULL);
  CHECK(qnnp_delete_operator(NULL) == qnnp_status_invalid_parameter);
  CHECK(qnnp_status_success == 0 && qnnp_status_uninitialized == 1 &&
        qnnp_status_invalid_parameter == 2 && qnnp_status_unsupported_parameter == 3 &&
        qnnp_status_unsupported_hardware == 4 && qnnp_status_out_of_memory == 5);
}

int main(void) {
  SUCCEEDS(qnnp_initialize());
  pthreadpool_t pools[2] = {NULL, pthreadpool_create(2)};
  for (size_t i = 0; i < 2; i++) {
    test_convolution(pools[i]);
    test_grouped_convolution(pools[i]);
    test_fully_connected(pools[i]);
    test_deconvolution(pools[i]);
    test_pooling(pools[i]);
    test_max_pooling(pools[i]);
    test_elementwise(pools[i]);
    test_tables(pools[i]);
    test_channel_shuffle(pools[i]);
    test_softargmax(pools[i]);
  }
  pthreadpool_destroy(pools[1]);
  test_errors();
  SUCCEEDS(qnnp_deinitialize());
  printf("%s\n", failures == 0 ? "passed" : "FAILED");
  return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
