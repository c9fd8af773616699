/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Plain C99: a program of 2018, with functions of that time's header by position, then the long
 * forms. It is linked by the C compiler; results are computed by hand. */
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

/* float32 inputs: 0 .. 255 is quantized with scale 1. */
static void test_dynamic(pthreadpool_t threadpool) {
  const int8_t kernel[2] = {1, -2};
  const float input[2] = {255.0f, 100.0f}, bias[1] = {0.25f};
  float output[2] = {0.0f, 0.0f};
  struct qnnp_fully_connected_desc fc = QNNP_FULLY_CONNECTED_DESC_INIT;
  struct qnnp_convolution2d_desc conv = QNNP_CONVOLUTION2D_DESC_INIT;
  qnnp_operator_t op = NULL;
  fc.input_type = fc.output_type = conv.input_type = conv.output_type = qnnp_datatype_float32;
  fc.kernel_type = conv.kernel_type = qnnp_datatype_int8;
  fc.input_channels = 2;
  fc.output_channels = conv.group_input_channels = conv.group_output_channels = 1;
  fc.kernel_scale = conv.kernel_scale = 0.5f;
  fc.kernel = conv.kernel = kernel;
  fc.float_bias = bias;
  SUCCEEDS(qnnp_create_fully_connected(&fc, &op));
  SUCCEEDS(qnnp_setup_fully_connected(op, 1, input, 2, output, 1));
  run_and_delete(op, threadpool);
  CHECK(output[0] == 27.75f);
  SUCCEEDS(qnnp_create_convolution2d(&conv, &op));
  SUCCEEDS(qnnp_setup_convolution2d(op, 1, 1, 2, input, 1, output, 1));
  run_and_delete(op, threadpool);
  CHECK(output[0] == 127.5f && output[1] == 50.0f);
}

static void test_matrices(pthreadpool_t threadpool) {
  const uint8_t a[2] = {3, 4}, b[4] = {1, 2, 5, 6}; /* 1 x 2 times 2 x 2 */
  const uint8_t product[2] = {23, 30}, local[2] = {3, 8};
  uint8_t output[2] = {0, 0};
  struct qnnp_batch_matrix_multiply_desc multiply = QNNP_BATCH_MATRIX_MULTIPLY_DESC_INIT;
  struct qnnp_locally_connected2d_desc layer = QNNP_LOCALLY_CONNECTED2D_DESC_INIT;
  qnnp_operator_t op = NULL;
  multiply.a_scale = multiply.b_scale = multiply.output_scale = 1.0f;
  SUCCEEDS(qnnp_create_batch_matrix_multiply(&multiply, &op));
  SUCCEEDS(qnnp_setup_batch_matrix_multiply(op, 1, 1, 2, 2, a, 2, b, 2, output, 2));
  run_and_delete(op, threadpool);
  expect_bytes("batched matrix multiplication", product, output, 2);
  layer.input_height = 1;
  layer.input_width = 2;
  layer.group_input_channels = layer.group_output_channels = 1;
  layer.input_scale = layer.kernel_scale = layer.output_scale = 1.0f;
  layer.kernel = b;
  SUCCEEDS(qnnp_create_locally_connected2d(&layer, &op));
  SUCCEEDS(qnnp_setup_locally_connected2d(op, 1, a, 1, output, 1));
  run_and_delete(op, threadpool);
  expect_bytes("locally connected", local, output, 2);
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

static void test_reductions(pthreadpool_t threadpool) {
  const uint8_t input[6] = {1, 9, 4, 7, 2, 9};
  const size_t sizes[2] = {2, 3};
  uint8_t largest[3] = {0, 0, 0};
  const uint8_t expected[3] = {7, 9, 9};
  int32_t places[2] = {0, 0};
  struct qnnp_reduce_desc reduce = QNNP_REDUCE_DESC_INIT;
  struct qnnp_argmax_desc argmax = QNNP_ARGMAX_DESC_INIT;
  qnnp_operator_t op = NULL;
  reduce.operation = qnnp_reduction_max;
  reduce.axes = 1u << 0;
  SUCCEEDS(qnnp_create_reduce(&reduce, &op));
  SUCCEEDS(qnnp_setup_reduce(op, 2, sizes, input, largest));
  run_and_delete(op, threadpool);
  expect_bytes("max over an axis", expected, largest, 3);
  argmax.channels = 3;
  SUCCEEDS(qnnp_create_argmax(&argmax, &op));
  SUCCEEDS(qnnp_setup_argmax(op, 2, input, 3, places, 1));
  run_and_delete(op, threadpool);
  CHECK(places[0] == 1 && places[1] == 2);
}

static void test_poolings_by_description(pthreadpool_t threadpool) {
  const int8_t input[4] = {-4, 3, 1, 2};
  int8_t output[1] = {0};
  size_t height = 0, width = 0;
  struct qnnp_pooling2d_desc desc = QNNP_POOLING2D_DESC_INIT;
  struct qnnp_global_pooling_desc global = QNNP_GLOBAL_POOLING_DESC_INIT;
  qnnp_operator_t op = NULL;
  desc.type = global.type = qnnp_datatype_int8;
  desc.channels = global.channels = 1;
  desc.operation = qnnp_reduction_max;
  desc.pooling_height = desc.pooling_width = desc.stride_height = desc.stride_width = 3;
  desc.ceil_mode = true;
  SUCCEEDS(qnnp_pooling2d_output_size(&desc, 2, 2, &height, &width));
  CHECK(height == 1 && width == 1);
  SUCCEEDS(qnnp_create_pooling2d(&desc, &op));
  SUCCEEDS(qnnp_setup_pooling2d(op, 1, 2, 2, input, 1, output, 1));
  run_and_delete(op, threadpool);
  CHECK(output[0] == 3);
  global.input_scale = global.output_scale = 0.25f;
  SUCCEEDS(qnnp_create_global_pooling(&global, &op));
  SUCCEEDS(qnnp_setup_global_pooling(op, 1, 2, input + 2, 1, output, 1)); /* 1.5 to even */
  run_and_delete(op, threadpool);
  CHECK(output[0] == 2);
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

static void test_movement(pthreadpool_t threadpool) {
  const uint8_t input[6] = {1, 2, 3, 4, 5, 6};
  const uint8_t transposed[6] = {1, 4, 2, 5, 3, 6}, padded[4] = {9, 1, 2, 9};
  const size_t shape[2] = {2, 3}, row[1] = {2};
  uint8_t output[6];
  struct qnnp_transpose_desc transpose = QNNP_TRANSPOSE_DESC_INIT;
  struct qnnp_depth_space_desc block = QNNP_DEPTH_SPACE_DESC_INIT;
  struct qnnp_copy_desc copy = QNNP_COPY_DESC_INIT;
  struct qnnp_constant_pad_desc pad = QNNP_CONSTANT_PAD_DESC_INIT;
  qnnp_operator_t op = NULL;
  transpose.dimensions = 2;
  transpose.permutation[0] = 1;
  SUCCEEDS(qnnp_create_transpose(&transpose, &op));
  SUCCEEDS(qnnp_setup_transpose(op, shape, input, output));
  run_and_delete(op, threadpool);
  expect_bytes("transpose", transposed, output, 6);

  block.block_size = 2;
  block.channels = 1;
  SUCCEEDS(qnnp_create_depth_to_space(&block, &op));
  SUCCEEDS(qnnp_setup_depth_to_space(op, 1, 1, 1, input, 4, output, 1));
  run_and_delete(op, threadpool);
  expect_bytes("depth to space", input, output, 4);
  SUCCEEDS(qnnp_create_space_to_depth(&block, &op));
  SUCCEEDS(qnnp_setup_space_to_depth(op, 1, 2, 2, input, 1, output, 4));
  run_and_delete(op, threadpool);
  expect_bytes("space to depth", input, output, 4);

  copy.channels = 3;
  SUCCEEDS(qnnp_create_copy(&copy, &op));
  SUCCEEDS(qnnp_setup_copy(op, 2, input, 3, output, 3));
  run_and_delete(op, threadpool);
  expect_bytes("copy", input, output, 6);

  pad.dimensions = 1;
  pad.before[0] = pad.after[0] = 1;
  pad.pad_value = 9;
  SUCCEEDS(qnnp_create_constant_pad(&pad, &op));
  SUCCEEDS(qnnp_setup_constant_pad(op, row, input, output));
  run_and_delete(op, threadpool);
  expect_bytes("constant pad", padded, output, 4);
}

static void test_resize(pthreadpool_t threadpool) {
  const uint8_t input[2] = {10, 20};
  const uint8_t expected[4] = {10, 13, 18, 20}; /* 10, 12.5, 17.5, 20 */
  uint8_t output[4];
  struct qnnp_resize2d_desc desc = QNNP_RESIZE2D_DESC_INIT;
  qnnp_operator_t op = NULL;
  desc.channels = 1;
  desc.mode = qnnp_resize_bilinear;
  desc.coordinates = qnnp_resize_half_pixel;
  SUCCEEDS(qnnp_create_resize2d(&desc, &op));
  SUCCEEDS(qnnp_setup_resize2d(op, 1, 1, 2, 1, 4, input, 1, output, 1));
  run_and_delete(op, threadpool);
  expect_bytes("resize", expected, output, 4);
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

/* The long form: int8 a, a scalar b, uint8 output. */
static void test_binary(pthreadpool_t threadpool) {
  const int8_t a[4] = {-10, 20, 30, 120};
  const uint8_t b[1] = {2};
  const uint8_t expected[4] = {80, 140, 160, 250}; /* 2 * a + 100, at most 250 */
  uint8_t output[4];
  qnnp_operator_t op = NULL;
  struct qnnp_binary_desc desc = QNNP_BINARY_DESC_INIT;
  desc.operation = qnnp_binary_operation_multiply;
  desc.channels = 1;
  desc.a_type = qnnp_datatype_int8;
  desc.a_scale = desc.b_scale = desc.output_scale = 1.0f;
  desc.output_zero_point = 100;
  desc.output_max = 250;
  SUCCEEDS(qnnp_create_binary(&desc, &op));
  SUCCEEDS(qnnp_setup_binary(op, 4, a, 1, b, 0, output, 1));
  run_and_delete(op, threadpool);
  expect_bytes("multiply", expected, output, 4);
}

static void test_prelu(pthreadpool_t threadpool) {
  const uint8_t input[4] = {6, 6, 14, 14}, expected[4] = {8, 11, 14, 14};
  const float slope[2] = {0.5f, -0.25f};
  uint8_t output[4];
  struct qnnp_prelu_desc desc = QNNP_PRELU_DESC_INIT;
  qnnp_operator_t op = NULL;
  desc.channels = 2;
  desc.input_scale = desc.output_scale = 1.0f;
  desc.input_zero_point = desc.output_zero_point = 10;
  desc.slope = slope;
  SUCCEEDS(qnnp_create_prelu(&desc, &op));
  SUCCEEDS(qnnp_setup_prelu(op, 2, input, 2, output, 2));
  run_and_delete(op, threadpool);
  expect_bytes("prelu", expected, output, 4);
}

static void test_boundary(pthreadpool_t threadpool) {
  const float input[3] = {-1.0f, 0.75f, 1000.0f}, expected[3] = {-1.0f, 1.0f, 123.5f};
  const float range[2] = {-50.0f, 205.0f};
  int8_t bytes[3];
  float output[3], scale;
  int32_t zero_point;
  struct qnnp_quantize_desc quantize = QNNP_QUANTIZE_DESC_INIT;
  struct qnnp_dequantize_desc dequantize = QNNP_DEQUANTIZE_DESC_INIT;
  qnnp_operator_t op = NULL;
  SUCCEEDS(qnnp_choose_quantization(range, 2, qnnp_datatype_uint8, &scale, &zero_point));
  CHECK(scale == 1.0f && zero_point == 50);
  quantize.channels = dequantize.channels = 3;
  quantize.output_type = dequantize.input_type = qnnp_datatype_int8;
  quantize.output_scale = dequantize.input_scale = 0.5f;
  quantize.output_zero_point = dequantize.input_zero_point = -120;
  SUCCEEDS(qnnp_create_quantize(&quantize, &op));
  SUCCEEDS(qnnp_setup_quantize(op, 1, input, 3, bytes, 3));
  run_and_delete(op, threadpool);
  CHECK(bytes[0] == -122 && bytes[1] == -118 && bytes[2] == 127); /* 1.5 is a tie: 2 */

  SUCCEEDS(qnnp_create_dequantize(&dequantize, &op));
  SUCCEEDS(qnnp_setup_dequantize(op, 1, bytes, 3, output, 3));
  run_and_delete(op, threadpool);
  CHECK(memcmp(expected, output, sizeof(output)) == 0);
}

static void test_typed(pthreadpool_t threadpool) {
  const int8_t input[4] = {-128, -128, -128, -128};
  const uint8_t quarter[4] = {64, 64, 64, 64};
  int8_t quarters[4], clamped[4];
  uint8_t output[4];
  struct qnnp_softargmax_desc softargmax = QNNP_SOFTARGMAX_DESC_INIT;
  struct qnnp_clamp_desc clamp = QNNP_CLAMP_DESC_INIT;
  qnnp_operator_t op = NULL;
  softargmax.channels = clamp.channels = 4;
  softargmax.input_type = softargmax.output_type = qnnp_datatype_int8;
  softargmax.input_scale = 1.0f;
  SUCCEEDS(qnnp_create_softargmax(&softargmax, &op));
  SUCCEEDS(qnnp_setup_softargmax(op, 1, input, 4, quarters, 4));
  run_and_delete(op, threadpool);
  clamp.input_type = qnnp_datatype_int8; /* to uint8: 128 higher */
  SUCCEEDS(qnnp_create_clamp(&clamp, &op));
  SUCCEEDS(qnnp_setup_clamp(op, 1, quarters, 4, output, 4));
  run_and_delete(op, threadpool);
  expect_bytes("softargmax of int8", quarter, output, 4);

  clamp.output_type = qnnp_datatype_int8;
  clamp.output_min = -100;
  clamp.output_max = -90;
  SUCCEEDS(qnnp_create_clamp(&clamp, &op));
  SUCCEEDS(qnnp_setup_clamp(op, 1, input, 4, clamped, 4));
  run_and_delete(op, threadpool);
  CHECK(clamped[0] == -100 && clamped[3] == -100);
}

static void test_normalization(pthreadpool_t threadpool) {
  const uint8_t input[4] = {10, 77, 30, 77}; /* 2 pixels, 2 groups: mean 20, deviation 10; equal */
  const float gamma[2] = {2.0f, 2.0f}, beta[2] = {5.0f, 7.0f};
  const uint8_t expected[4] = {103, 107, 107, 107};
  uint8_t output[4];
  qnnp_operator_t op = NULL;
  struct qnnp_group_normalization_desc desc = QNNP_GROUP_NORMALIZATION_DESC_INIT;
  desc.channels = desc.groups = 2;
  desc.gamma = gamma;
  desc.beta = beta;
  desc.input_scale = desc.output_scale = 1.0f;
  desc.output_zero_point = 100;
  SUCCEEDS(qnnp_create_group_normalization(&desc, &op));
  SUCCEEDS(qnnp_setup_group_normalization(op, 1, 2, input, 2, output, 2));
  run_and_delete(op, threadpool);
  expect_bytes("group normalization", expected, output, 4);
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
    test_dynamic(pools[i]);
    test_matrices(pools[i]);
    test_pooling(pools[i]);
    test_max_pooling(pools[i]);
    test_poolings_by_description(pools[i]);
    test_reductions(pools[i]);
    test_elementwise(pools[i]);
    test_tables(pools[i]);
    test_channel_shuffle(pools[i]);
    test_prelu(pools[i]);
    test_boundary(pools[i]);
    test_movement(pools[i]);
    test_resize(pools[i]);
    test_softargmax(pools[i]);
    test_binary(pools[i]);
    test_typed(pools[i]);
    test_normalization(pools[i]);
  }
  pthreadpool_destroy(pools[1]);
  test_errors();
  SUCCEEDS(qnnp_deinitialize());
  printf("%s\n", failures == 0 ? "passed" : "FAILED");
  return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
