// SPDX-License-Identifier: BSD-3-Clause
// A refused call: its status, and a sentence that names the parameter.
#pragma once

#include <gtest/gtest.h>
#include <qnnpack.h>

#include <cstring>

namespace qnnp {
namespace test {

inline void expect_refusal(enum qnnp_status expected, const char* parameter,
                           enum qnnp_status actual) {
  EXPECT_EQ(expected, actual) << parameter;
  EXPECT_NE(nullptr, strstr(qnnp_get_last_error(), parameter))
      << "'" << qnnp_get_last_error() << "' does not name " << parameter;
}

// A refused create function: besides, the handle is NULL.
template <class Create>
void expect_create_refuses(enum qnnp_status expected, const char* parameter, const Create& create) {
  int object = 0;
  qnnp_operator_t op = reinterpret_cast<qnnp_operator_t>(&object);
  expect_refusal(expected, parameter, create(&op));
  EXPECT_EQ(nullptr, op) << parameter;
}

}  // namespace test
}  // namespace qnnp
