// SPDX-License-Identifier: BSD-3-Clause
// Runs a body once for each instruction set of this machine that is asked for (kernel_matrix.h),
// forced through QNNP_ISA as a user would.
#pragma once

#include <gtest/gtest.h>
#include <qnnpack.h>

#include <cstdlib>
#include <string>

#include "harness/kernel_matrix.h"
#include "isa/cpu.h"

namespace qnnp {
namespace test {

// Limits the library to an instruction set while it lives; afterwards QNNP_ISA is what it was.
class ForcedIsa {
 public:
  explicit ForcedIsa(const char* name) {
    const char* before = getenv("QNNP_ISA");
    had_value_ = before != nullptr;
    if (had_value_) before_ = before;
    setenv("QNNP_ISA", name, 1);
    restart();
  }
  ForcedIsa(const ForcedIsa&) = delete;
  ForcedIsa& operator=(const ForcedIsa&) = delete;
  ~ForcedIsa() {
    if (had_value_) {
      setenv("QNNP_ISA", before_.c_str(), 1);
    } else {
      unsetenv("QNNP_ISA");
    }
    restart();
  }

 private:
  static void restart() {
    EXPECT_EQ(qnnp_status_success, qnnp_deinitialize());
    EXPECT_EQ(qnnp_status_success, qnnp_initialize()) << qnnp_get_last_error();
  }
  bool had_value_;
  std::string before_;
};

template <class Body>
void for_each_isa(const Body& body) {
  for (Isa isa : all_isas()) {
    if (!cpu_has(isa) || !isa_asked(isa)) continue;
    SCOPED_TRACE(std::string("QNNP_ISA=") + isa_name(isa));
    const ForcedIsa forced(isa_name(isa));
    body();
  }
}

}  // namespace test
}  // namespace qnnp
