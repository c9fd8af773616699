// SPDX-License-Identifier: BSD-3-Clause
// The harness sees what a kernel must not do.
#include "harness/checked_call.h"

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include "harness/kernel_matrix.h"

#if defined(__aarch64__) || defined(__arm__) || defined(__x86_64__)

extern "C" {
void qnnp_test_bad_register(const void*);
void qnnp_test_bad_vector(const void*);
void qnnp_test_bad_stack(const void*);
void qnnp_test_bad_save(const void*);
}

namespace qnnp {
namespace test {
namespace {

void adds_one(const void* argument) {
  auto* number = static_cast<int*>(const_cast<void*>(argument));
  ++*number;
}

TEST(CheckedCall, PassesTheArgument) {
  int number = 41;
  EXPECT_EQ(changed_registers(adds_one, &number), 0u);
  EXPECT_EQ(number, 42);
}

TEST(CheckedCall, SeesChangedRegisters) {
  EXPECT_NE(changed_registers(qnnp_test_bad_register, nullptr), 0u);
  const uint32_t stack = changed_registers(qnnp_test_bad_stack, nullptr);
  EXPECT_NE(register_names(stack).find("sp"), std::string::npos) << register_names(stack);
#if defined(__x86_64__)
  EXPECT_EQ(register_names(changed_registers(qnnp_test_bad_vector, nullptr)), "r15");
#else
  EXPECT_EQ(register_names(changed_registers(qnnp_test_bad_vector, nullptr)), "d15");
#endif
}

TEST(CheckedCall, FailsTheTest) {
  EXPECT_NONFATAL_FAILURE(checked_call(qnnp_test_bad_register, nullptr), "did not keep");
}

// The signal storm is what finds it.
TEST(CheckedCall, SeesRegistersSavedBelowTheStackPointer) {
  // A sanitizer reports the handler's writes below the stack pointer, which are its purpose.
  if (!start_signal_storm()) GTEST_SKIP() << "sanitizers have no storm";
  const auto waits = [](const void*) {
    const uint32_t before = *storm_signals();
    for (int i = 0; i < 100'000'000 && *storm_signals() - before < 3; i++) {
    }
  };
  const uint32_t before = *storm_signals();
  EXPECT_EQ(changed_registers(waits, nullptr), 0u);
  EXPECT_NE(*storm_signals(), before);
  const void* count = const_cast<const uint32_t*>(storm_signals());
  EXPECT_NE(changed_registers(qnnp_test_bad_save, count), 0u);
}

// A row of a table as for_each_kernel hands it on.
struct Args {
  int* runs;
};
struct Row {
  const char* name;
  Isa isa;
  void (*entry[2])(const Args& args);
};
void good(const Args& args) { ++*args.runs; }
void bad(const Args& args) { qnnp_test_bad_register(&args); }

TEST(CheckedCall, EveryRowOfATable) {
  static const Row kGood = {"good", Isa::scalar, {good, good}};
  static const Row kBad = {"bad", Isa::scalar, {good, bad}};
  static const Row* const kRows[] = {&kGood, &kBad};
  int runs = 0;
  const auto run_all = [](int which, int* count) {
    for (const Row* row : kRows) {
      checked_row(*row, 0).entry[which]({count});
    }
  };
  run_all(0, &runs);
  EXPECT_EQ(runs, 2);
  static int unused = 0;
  static const auto run_second = run_all;
  EXPECT_NONFATAL_FAILURE(run_second(1, &unused), "did not keep");
}

}  // namespace
}  // namespace test
}  // namespace qnnp

#endif
