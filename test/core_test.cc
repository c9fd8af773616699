// SPDX-License-Identifier: BSD-3-Clause
// Kernels that are ordered for cores which execute in order: taken where all cores do, or where
// QNNP_CORE says so. phones.cmake runs this program on pretended phones; QNNP_TEST_CORE is what each
// of them has to be taken for.
#include <gtest/gtest.h>
#include <qnnpack.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "harness/isa.h"
#include "q8gemm/q8gemm.h"

namespace qnnp {
namespace test {
namespace {

class NamedCore {
 public:
  explicit NamedCore(const char* name) {
    setenv("QNNP_CORE", name, 1);
    status_ = qnnp_initialize();
  }
  ~NamedCore() {
    unsetenv("QNNP_CORE");
    EXPECT_EQ(qnnp_status_success, qnnp_initialize());
  }
  qnnp_status status() const { return status_; }

 private:
  qnnp_status status_;
};

// The row of the table that a fully connected operator takes.
const GemmKernel* chosen() {
  const std::vector<uint8_t> weights(64 * 64, 1);
  qnnp_operator_t op = nullptr;
  EXPECT_EQ(qnnp_status_success,
            qnnp_create_fully_connected_nc_q8(64, 64, 0, 1.0f, 0, 1.0f, weights.data(), nullptr, 0,
                                              1.0f, 0, 255, 0, &op));
  qnnp_operator_info info = {};
  info.struct_size = sizeof(info);
  EXPECT_EQ(qnnp_status_success, qnnp_describe_operator(op, &info));
  const std::string name = info.kernel;
  EXPECT_EQ(qnnp_status_success, qnnp_delete_operator(op));
  for (const GemmKernel* kernel : q8gemm_kernels()) {
    if (name == std::string("q8gemm ") + kernel->name) return kernel;
  }
  ADD_FAILURE() << name << " is no row";
  return q8gemm_kernels()[0];
}

bool has_row(Isa isa, Core core) {
  for (const GemmKernel* kernel : q8gemm_kernels()) {
    if (kernel->isa == isa && kernel->core == core) return true;
  }
  return false;
}

void expect_choice(Core core) {
  EXPECT_EQ(planned_core(), core);
  const GemmKernel* kernel = chosen();
  EXPECT_EQ(kernel->core, has_row(kernel->isa, core) ? core : Core::any) << kernel->name;
}

TEST(Core, QnnpCoreDecides) {
  for_each_isa([] {
    for (const auto& [name, core] : {std::pair{"in_order", Core::in_order}, {"any", Core::any}}) {
      const NamedCore named(name);
      ASSERT_EQ(named.status(), qnnp_status_success);
      expect_choice(core);
    }
  });
}

TEST(Core, UnknownNamesAreRefused) {
  const NamedCore named("fast");
  EXPECT_EQ(named.status(), qnnp_status_invalid_parameter);
  EXPECT_STREQ(qnnp_get_last_error(), "QNNP_CORE is 'fast': it must be any or in_order");
}

TEST(Core, OfThisMachine) {
  const char* expected = getenv("QNNP_TEST_CORE");
  const Core detected = planned_core();
  if (expected != nullptr) {
    EXPECT_EQ(detected, expected == std::string("in_order") ? Core::in_order : Core::any);
  }
  for_each_isa([detected] { expect_choice(detected); });
}

}  // namespace
}  // namespace test
}  // namespace qnnp
