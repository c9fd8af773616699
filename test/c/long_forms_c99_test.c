/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Plain C99: the long forms, operators that have no function of 2018. Linked by the C compiler;
 * results are computed by hand. */
#include "checks.h"

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

int main(void) {
  SUCCEEDS(qnnp_initialize());
  pthreadpool_t pools[2] = {NULL, pthreadpool_create(2)};
  for (size_t i = 0; i < 2; i++) {
    test_dynamic(pools[i]);
    test_matrices(pools[i]);
    test_poolings_by_description(pools[i]);
    test_reductions(pools[i]);
    test_prelu(pools[i]);
    test_boundary(pools[i]);
    test_movement(pools[i]);
    test_resize(pools[i]);
    test_binary(pools[i]);
    test_typed(pools[i]);
    test_normalization(pools[i]);
  }
  pthreadpool_destroy(pools[1]);
  SUCCEEDS(qnnp_deinitialize());
  printf("%s\n", failures == 0 ? "passed" : "FAILED");
  return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
