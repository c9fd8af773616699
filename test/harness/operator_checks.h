// SPDX-License-Identifier: BSD-3-Clause
// What every operator does alike: refusals around its life cycle, empty batches, lack of memory,
// clones, description.
#pragma once

#include <functional>
#include <memory>

#include "harness/failing_allocator.h"
#include "harness/refusal.h"

namespace qnnp {
namespace test {

struct OperatorDeleter {
  void operator()(qnnp_operator_t op) const {
    EXPECT_EQ(qnnp_status_success, qnnp_delete_operator(op));
  }
};
using OperatorHandle = std::unique_ptr<struct qnnp_operator, OperatorDeleter>;

struct OperatorKind {
  const char* type;      // "add_nc_q8"
  const char* family;    // of the kernel that describe names
  const char* out_name;  // parameter of the out-handle
  std::function<enum qnnp_status(qnnp_operator_t*)> create;
  // Valid for every batch size; with batch_size 0, everything else is NULL and 0.
  std::function<enum qnnp_status(qnnp_operator_t, size_t batch_size)> setup;
};

template <class Create>
OperatorHandle create_operator(const Create& create) {
  qnnp_operator_t op = nullptr;
  EXPECT_EQ(qnnp_status_success, create(&op)) << qnnp_get_last_error();
  return OperatorHandle(op);
}

inline OperatorHandle create_other_kind(const OperatorKind& kind) {
  return create_operator([&](qnnp_operator_t* out) {
    if (strcmp(kind.type, "clamp_nc_u8") == 0) {
      return qnnp_create_softargmax_nc_q8(1, 1.0f, 0, 1.0f / 256, 0, out);
    }
    return qnnp_create_clamp_nc_u8(1, 0, 255, 0, out);
  });
}

inline void expect_refusals_of_kind(const OperatorKind& kind) {
  OperatorHandle op = create_operator(kind.create);
  ASSERT_NE(nullptr, op);
  expect_refusal(qnnp_status_invalid_parameter, kind.out_name, kind.create(nullptr));
  expect_refusal(qnnp_status_invalid_parameter, "operator", kind.setup(nullptr, 1));
  expect_refusal(qnnp_status_invalid_parameter, "operator", kind.setup(nullptr, 0));
  expect_refusal(qnnp_status_invalid_parameter, "set up", qnnp_run_operator(op.get(), nullptr));
  const OperatorHandle other = create_other_kind(kind);
  expect_refusal(qnnp_status_invalid_parameter, kind.type, kind.setup(other.get(), 1));

  EXPECT_EQ(qnnp_status_success, qnnp_deinitialize());
  expect_create_refuses(qnnp_status_uninitialized, "qnnp_initialize", kind.create);
  expect_refusal(qnnp_status_uninitialized, "qnnp_initialize", kind.create(nullptr));
  expect_refusal(qnnp_status_uninitialized, "qnnp_initialize", kind.setup(op.get(), 0));
  expect_refusal(qnnp_status_uninitialized, "qnnp_initialize", kind.setup(nullptr, 1));
  EXPECT_EQ(qnnp_status_success, qnnp_initialize());
}

inline void expect_empty_batch(const OperatorKind& kind) {
  OperatorHandle op = create_operator(kind.create);
  EXPECT_EQ(qnnp_status_success, kind.setup(op.get(), 0)) << qnnp_get_last_error();
  EXPECT_EQ(qnnp_status_success, qnnp_run_operator(op.get(), nullptr));
  EXPECT_EQ(qnnp_status_success, kind.setup(op.get(), 3)) << qnnp_get_last_error();
  EXPECT_EQ(qnnp_status_success, kind.setup(op.get(), 0)) << qnnp_get_last_error();
  EXPECT_EQ(qnnp_status_success, qnnp_run_operator(op.get(), nullptr));
}

// `input_bytes` and `output_bytes` of a batch of 1.
inline void expect_description(const OperatorKind& kind, uint64_t input_bytes,
                               uint64_t output_bytes) {
  OperatorHandle op = create_operator(kind.create);
  qnnp_operator_info info = {};
  info.struct_size = sizeof(info);
  ASSERT_EQ(qnnp_status_success, qnnp_describe_operator(op.get(), &info));
  EXPECT_STREQ(kind.type, info.type);
  EXPECT_EQ(0, strncmp(info.kernel, kind.family, strlen(kind.family))) << info.kernel;
  EXPECT_NE('\0', info.reason[0]);
  EXPECT_EQ(0u, info.macs);
  EXPECT_EQ(0u, info.input_bytes);
  EXPECT_EQ(0u, info.output_bytes);
  ASSERT_EQ(qnnp_status_success, kind.setup(op.get(), 1)) << qnnp_get_last_error();
  ASSERT_EQ(qnnp_status_success, qnnp_describe_operator(op.get(), &info));
  EXPECT_EQ(0u, info.macs);
  EXPECT_EQ(input_bytes, info.input_bytes);
  EXPECT_EQ(output_bytes, info.output_bytes);

  qnnp_operator_t copy = nullptr;
  ASSERT_EQ(qnnp_status_success, qnnp_clone_operator(op.get(), &copy));
  const OperatorHandle clone(copy);
  qnnp_operator_info clone_info = {};
  clone_info.struct_size = sizeof(clone_info);
  ASSERT_EQ(qnnp_status_success, qnnp_describe_operator(copy, &clone_info));
  EXPECT_STREQ(info.kernel, clone_info.kernel);
  expect_refusal(qnnp_status_invalid_parameter, "set up", qnnp_run_operator(copy, nullptr));
}

}  // namespace test
}  // namespace qnnp
